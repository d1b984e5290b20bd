import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadPredictor, readPackage, runGoldenCheck } from '@vitrine/inference';
import { openModelStore } from '@vitrine/mlflow';
import { writeTinyDataset } from '../test-support/tiny-dataset.js';

/** The command line as people run it: compiled, in a process of its own. */
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const POLL_MS = 2;
/** A training that hangs is a failure. */
const CHILD_TIMEOUT_MS = 120_000;

let root: string;
let inputDir: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-interruption-'));
  inputDir = await writeTinyDataset(root, 45, { withPhotos: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Place {
  /** Folder of a registry, and of what is trained into it. */
  registry: string;
  command: string;
  flags: string[];
  outputDir: string;
}

function place(registry: string, command: string, flags: string[] = []): Place {
  return {
    registry: join(root, registry),
    command,
    flags: [...flags, '--set-staging'],
    outputDir: join(root, registry, command),
  };
}

function start({ registry, command, flags, outputDir }: Place): {
  child: ChildProcess;
  ended: Promise<string>;
} {
  const args = [MAIN, command, '--input-dir', inputDir, '--output-dir', outputDir, ...flags];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, MLFLOW_TRACKING_URI: '', REGISTRY_DIR: registry, CACHE_DIR: join(root, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: CHILD_TIMEOUT_MS,
    killSignal: 'SIGABRT',
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(output);
      else reject(new Error(`${command} ended with ${code ?? signal}: ${output}`));
    });
  });
  return { child, ended };
}

async function train(at: Place): Promise<string> {
  return start(at).ended;
}

/** Trains until a moment has come, and kills the process there and then. @returns false where it ended before */
async function killWhen(at: Place, hasCome: (outputDir: string) => boolean): Promise<boolean> {
  const { child, ended } = start(at);
  while (child.exitCode === null && !hasCome(at.outputDir)) await wait(POLL_MS);
  child.kill('SIGKILL');
  await ended;
  return child.signalCode === 'SIGKILL';
}

/** SHA-256 of every file that a model answers with, by name, and what its manifest says of it. */
async function modelOf({ outputDir }: Place) {
  const dir = join(outputDir, 'model');
  const { manifest } = await readPackage(dir);
  const own = [manifest.network, ...manifest.processors].flatMap(({ files }) => Object.values(files));
  const members = Object.keys(manifest.files).filter((name) => /^members\/.*\.(bin|onnx)$/.test(name));
  const hashes = [...own, ...members].map(async (name) => {
    const hash = createHash('sha256').update(await readFile(join(dir, name)));
    return [name, hash.digest('hex')];
  });
  const { train_seconds: _, ...metrics } = manifest.metrics;
  return {
    files: Object.fromEntries((await Promise.all(hashes)) as [string, string][]),
    calibration: manifest.calibration,
    metrics,
  };
}

async function expectWhole(at: Place, name: string): Promise<void> {
  const predictor = await loadPredictor(join(at.outputDir, 'model'));
  await runGoldenCheck(predictor, await readPackage(join(at.outputDir, 'model')));
  await predictor.dispose();
  const store = openModelStore({ registryDir: at.registry });
  expect((await store.listVersions(name)).map(({ version }) => version)).toEqual([1]);
  expect(existsSync(join(at.outputDir, '.checkpoint'))).toBe(false);
}

/** Whether a training's checkpoint holds so many finished fits. */
function hasFits(count: number): (outputDir: string) => boolean {
  return (outputDir) => {
    const dir = join(outputDir, '.checkpoint');
    return existsSync(dir) && readdirSync(dir).filter((name) => name.endsWith('.bin')).length >= count;
  };
}

/** Whether a file is there. */
function has(...path: string[]): (outputDir: string) => boolean {
  return (outputDir) => existsSync(join(outputDir, ...path));
}

/** Kills one training at each moment in turn, and ends it: always the same command. */
async function trainInterrupted(
  at: Place,
  moments: readonly ((outputDir: string) => boolean)[],
): Promise<string> {
  for (const [i, moment] of moments.entries()) {
    const wasKilled = await killWhen(at, moment);
    expect([i, wasKilled]).toEqual([i, true]);
  }
  return train(at);
}

const image = ['--base-model', 'none', '--epochs', '2'];
const whole = {
  text: () => place('whole', 'train-text'),
  image: () => place('whole', 'train-image', image),
  fusion: () => place('whole', 'train-fusion'),
};

beforeAll(async () => {
  await train(whole.text());
  await train(whole.image());
  await train(whole.fusion());
}, CHILD_TIMEOUT_MS);

describe('a training that is killed', () => {
  it('ends with the text model that one has that is not, through the same run', async () => {
    const text = place('killed', 'train-text');
    const output = await trainInterrupted(text, [
      has('.checkpoint', 'identity.json'),
      hasFits(1),
      hasFits(8),
      has('model', 'network.bin'),
      has('metrics.json'),
    ]);
    expect(output).toMatch(/resuming run \w+/);
    expect(await modelOf(text)).toEqual(await modelOf(whole.text()));
    await expectWhole(text, 'text');
  });

  it('ends with the image model that one has that is not, killed within epochs too', async () => {
    const again = place('killed', 'train-image', image);
    const output = await trainInterrupted(again, [
      has('.checkpoint', 'identity.json'),
      has('.checkpoint', 'network-training.bin'),
      has('model', 'network.onnx'),
      has('metrics.json'),
    ]);
    expect(output).toMatch(/resuming run \w+/);
    expect(await modelOf(again)).toEqual(await modelOf(whole.image()));
    await expectWhole(again, 'image');
  });

  it('ends with the same fusion model, over members that were killed and went on', async () => {
    const fusion = place('killed', 'train-fusion');
    await trainInterrupted(fusion, [
      has('.checkpoint', 'identity.json'),
      has('model', 'members', 'text', 'network.bin'),
      has('metrics.json'),
    ]);
    expect(await modelOf(fusion)).toEqual(await modelOf(whole.fusion()));
    await expectWhole(fusion, 'fusion');
  });
});

describe('evaluate', () => {
  it.each(['text', 'fusion'] as const)('writes the report that training the %s model wrote', async (name) => {
    const { registry, outputDir } = whole[name]();
    const again = join(root, 'evaluated', name);
    const uri = ['--model-uri', `models:/${name}@staging`];
    await start({ registry, command: 'evaluate', flags: uri, outputDir: again }).ended;
    for (const file of await readdir(again)) {
      expect([file, await readFile(join(again, file))]).toEqual([
        file,
        await readFile(join(outputDir, file)),
      ]);
    }
    expect(await readdir(again)).toEqual(
      expect.arrayContaining(['coverage.png', 'errors.html', 'reliability.png']),
    );
  });
});
