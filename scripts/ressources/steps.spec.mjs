import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const common = resolve(process.cwd(), 'scripts/ressources/common.sh');

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function until(condition) {
  for (let tries = 0; tries < 200; tries += 1) {
    const value = condition();
    if (value) return value;
    await delay(50);
  }
  throw new Error('the condition was not met in 10 s');
}

describe('common.sh', () => {
  let root;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'vitrine-common-'));
    mkdirSync(join(root, 'scripts/ressources'), { recursive: true });
    cpSync(common, join(root, 'scripts/ressources/common.sh'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(body) {
    const path = join(root, 'scripts/probe.sh');
    writeFileSync(path, `. "$(dirname "\${BASH_SOURCE[0]}")/ressources/common.sh"\n${body}\n`);
    return path;
  }
  const run = (body) => spawnSync('bash', [write(body)], { encoding: 'utf8' });

  it('prints a step with its seconds and hides its output', () => {
    const { stdout, status } = run("step 'Quiet one' echo hidden");
    expect(stdout).toMatch(/^ {2}Quiet one +\d+\.\d s\n$/);
    expect(status).toBe(0);
  });

  it('shows the end of the output of a step that fails, and where the rest is', () => {
    const { stdout, status } = run("step 'Bad one' bash -c 'echo the reason >&2; exit 4' || exit $?");
    expect(stdout).toContain('FAILED\n    | the reason\n    the whole log: data/logs/probe/bad-one.log');
    expect(status).toBe(4);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('ends the whole tree of a running step on %s', async (signal) => {
    const pidFile = join(root, 'pid');
    const script = spawn('bash', [write(`step 'Long' bash -c 'sleep 600 & echo $! >${pidFile}; wait'`)]);
    const ended = new Promise((done) => script.once('exit', (code) => done(code)));
    await until(() => existsSync(pidFile));
    const sleeper = await until(() => Number(spawnSync('cat', [pidFile], { encoding: 'utf8' }).stdout));
    script.kill(signal);
    expect(await ended).toBeGreaterThan(128);
    await until(() => !isAlive(sleeper));
    expect(readdirSync(join(root, 'data/run'))).toEqual([]);
  });

  it('ends what a killed run left behind, and nothing of a living one', async () => {
    const pidFile = join(root, 'pid');
    const path = write(`end_leftover_jobs; start_job sleep 600; echo $JOB >${pidFile}; wait "$JOB"`);
    const readPid = () => Number(spawnSync('cat', [pidFile], { encoding: 'utf8' }).stdout);
    const first = spawn('bash', [path]);
    const firstJob = await until(readPid);
    rmSync(pidFile);
    const second = spawn('bash', [path]);
    const secondJob = await until(() => existsSync(pidFile) && readPid());
    expect(isAlive(firstJob)).toBe(true);
    first.kill('SIGKILL');
    await new Promise((done) => first.once('exit', done));
    expect(isAlive(firstJob)).toBe(true);
    run('end_leftover_jobs');
    await until(() => !isAlive(firstJob));
    expect(isAlive(secondJob)).toBe(true);
    second.kill('SIGTERM');
    await until(() => !isAlive(secondJob));
  });
});
