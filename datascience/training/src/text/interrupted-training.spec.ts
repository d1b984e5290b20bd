import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { writeTinyDataset } from '../test-support/tiny-dataset.js';

const CLI = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const FILES = ['network.bin', 'processors/words.bin', 'processors/characters.bin'];

describe('vitrine train-text, interrupted', () => {
  let root: string;
  let inputDir: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'vitrine-interrupted-'));
    inputDir = await writeTinyDataset(root, 700);
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  /** Starts the command line as a user does. */
  function start(name: string): { child: ChildProcess; outputDir: string; ended: Promise<string> } {
    const outputDir = join(root, name);
    const args = [CLI, 'train-text', '--input-dir', inputDir, '--output-dir', outputDir];
    const env = { ...process.env, REGISTRY_DIR: join(root, `registry-${name}`), MLFLOW_TRACKING_URI: '' };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)));
    return { child, outputDir, ended: once(child, 'close').then(() => said) };
  }

  /** Waits until so many fits are on disk. */
  async function waitForFits(outputDir: string, count: number, child: ChildProcess): Promise<void> {
    while (child.exitCode === null) {
      const names = await readdir(join(outputDir, '.checkpoint')).catch(() => []);
      if (names.filter((name) => /^(fold|final)-.*\.json$/.test(name)).length >= count) return;
      await setTimeout(5);
    }
    throw new Error('The training ended before it could be interrupted');
  }

  async function fingerprint(outputDir: string): Promise<string> {
    const hash = createHash('sha256');
    for (const file of FILES) hash.update(await readFile(join(outputDir, 'model', file)));
    return hash.digest('hex');
  }

  it('ends in the same model after kill -9 in the middle of a pass and after Ctrl-C', async () => {
    const whole = start('whole');
    await whole.ended;
    expect(whole.child.exitCode).toBe(0);

    const killed = start('resumed');
    await waitForFits(killed.outputDir, 1, killed.child);
    killed.child.kill('SIGKILL');
    await killed.ended;

    const stopped = start('resumed');
    await waitForFits(stopped.outputDir, 4, stopped.child);
    stopped.child.kill('SIGINT');
    expect(await stopped.ended).toMatch(/resuming run[^]*the same command resumes from the last checkpoint/);
    expect(stopped.child.exitCode).toBe(1);

    const resumed = start('resumed');
    expect(await resumed.ended).toContain('resuming run');
    expect(resumed.child.exitCode).toBe(0);
    expect(await fingerprint(resumed.outputDir)).toBe(await fingerprint(whole.outputDir));
  }, 300_000);
});
