import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mlflowVenv } from './mlflow-server.js';

/**
 * Runs a program with MLflow's own Python client against a server and reads the JSON that is its last line.
 *
 * @throws Error with Python's own words where it fails
 */
export async function runPython<T>(trackingUri: string, program: string, args: string[]): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'vitrine-python-'));
  try {
    const { stdout } = await promisify(execFile)(
      join(mlflowVenv as string, 'bin/python'),
      ['-c', program, ...args],
      {
        timeout: 100_000,
        env: { HOME: home, MLFLOW_TRACKING_URI: trackingUri, MLFLOW_DISABLE_TELEMETRY: 'true' },
      },
    );
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as T;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
