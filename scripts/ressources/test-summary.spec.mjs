import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const script = resolve(process.cwd(), 'scripts/ressources/test-summary.mjs');

const result = (status, fullName, ...failureMessages) => ({ status, fullName, failureMessages });
const suite = (assertionResults, { status = 'passed', message = '' } = {}) => ({
  name: resolve(process.cwd(), 'a.spec.ts'),
  status,
  message,
  assertionResults,
});

describe('test-summary', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vitrine-summary-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function summarise({ checks = '', suites, runnerFailed = false }) {
    if (checks) writeFileSync(join(folder, 'checks.tsv'), checks);
    if (suites) writeFileSync(join(folder, 'jest.json'), JSON.stringify({ testResults: suites }));
    if (runnerFailed) writeFileSync(join(folder, 'runner-failed'), '');
    const { stdout, status } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
    return { stdout, status, last: stdout.trimEnd().split('\n').at(-1) };
  }

  it('adds up checks and tests', () => {
    const suites = [suite([result('passed', 'x'), result('passed', 'y')])];
    expect(summarise({ checks: 'passed\tFormat\npassed\tLint\n', suites })).toMatchObject({
      last: '4 passed, 0 failed, 0 skipped',
      status: 0,
    });
  });

  it('names what was skipped, of every kind', () => {
    const suites = [suite([result('passed', 'x'), result('pending', 'y'), result('todo', 'z')])];
    const { stdout, last, status } = summarise({ checks: 'skipped\tTensorFlow\n', suites });
    expect(last).toBe('1 passed, 0 failed, 3 skipped');
    expect(stdout).toContain('SKIPPED a.spec.ts › y');
    expect(stdout).toContain('SKIPPED TensorFlow');
    expect(status).toBe(0);
  });

  it('fails for a failed check though every test passed', () => {
    const { stdout, last, status } = summarise({
      checks: 'failed\tLint\n',
      suites: [suite([result('passed', 'x')])],
    });
    expect(last).toBe('1 passed, 1 failed, 0 skipped');
    expect(stdout).toContain('FAILED  Lint');
    expect(status).toBe(1);
  });

  it('counts a file that cannot be loaded', () => {
    const broken = suite([], { status: 'failed', message: 'Cannot find module' });
    const { stdout, last, status } = summarise({ suites: [broken, suite([result('passed', 'x')])] });
    expect(last).toBe('1 passed, 1 failed, 0 skipped');
    expect(stdout).toContain('Cannot find module');
    expect(status).toBe(1);
  });

  it('shows a cause that tests share once', () => {
    const message = 'Error: refused\n  at one\n  at two\n  at three';
    const suites = [
      suite([result('failed', 'x', message), result('failed', 'y', message)], { status: 'failed' }),
    ];
    const { stdout, last } = summarise({ suites });
    expect(stdout.match(/Error: refused/g)).toHaveLength(1);
    expect(last).toBe('0 passed, 2 failed, 0 skipped');
  });

  it.each([
    ['there is no result', {}],
    ['every test was skipped', { suites: [suite([result('pending', 'x')])] }],
  ])('fails when %s', (_case, results) => {
    const { last, status } = summarise({ checks: 'passed\tFormat\n', ...results });
    expect(last).toMatch(/^1 passed, 1 failed/);
    expect(status).toBe(1);
  });

  it('fails when the runner does so although its tests passed', () => {
    const { last, status } = summarise({ suites: [suite([result('passed', 'x')])], runnerFailed: true });
    expect(last).toBe('1 passed, 1 failed, 0 skipped');
    expect(status).toBe(1);
  });
});
