import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The first install downloads a few hundred megabytes; later runs find it in the cache. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;
const SCRIPT = join(import.meta.dirname, '../../../../scripts/mlflow-server.sh');

/**
 * Makes sure that the MLflow server is installed before the tests that need it start, outside their time limits. Where
 * Python or PyPI is missing it says so, and those tests are skipped.
 */
// eslint-disable-next-line import-x/no-default-export -- what jest calls
export default async function installMlflow(): Promise<void> {
  const { status, output } = await run(SCRIPT, ['--install-only']);
  const venv = output.trimEnd().split('\n').at(-1) ?? '';
  if (status !== 0) {
    process.stderr.write(
      `\nSKIPPED: the tests against a real MLflow server, which cannot be installed here:\n${output}\n`,
    );
    return;
  }
  // The way to hand a value to the processes that run the tests.
  // eslint-disable-next-line no-restricted-properties
  process.env.VITRINE_TEST_MLFLOW_VENV = venv;
}

function run(command: string, args: string[]): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INSTALL_TIMEOUT_MS,
    });
    let output = '';
    const keep = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ status: null, output: error.message }));
    child.on('close', (status) => resolve({ status, output }));
  });
}
