import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const REQUIREMENTS = ['mlflow-skinny==3.17.2', 'onnx==1.23.2', 'onnxruntime==1.31.1', 'pandas>=2,<4'];
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/**
 * The Python of a virtual environment outside the project that holds MLflow and ONNX, installed the first time; null
 * where there is no Python or no package registry, which is said on standard error.
 */
export async function onnxPython(): Promise<string | null> {
  // eslint-disable-next-line no-restricted-properties
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const dir = join(cache, 'vitrine', 'mlflow-onnx-3.17.2');
  const python = join(dir, 'bin', 'python');
  const marker = join(dir, 'installed');
  if (await exists(marker)) return python;
  const building = `${dir}.${process.pid}`;
  try {
    await mkdir(join(cache, 'vitrine'), { recursive: true });
    await makeVenv(building);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...REQUIREMENTS];
    await run(join(building, 'bin', 'python'), pip, { timeout: INSTALL_TIMEOUT_MS });
    await writeFile(join(building, 'installed'), '');
    if (!(await exists(marker))) await rename(building, dir);
    return python;
  } catch (error) {
    process.stderr.write(
      `skipped: no Python with MLflow and ONNX: ${(error as Error).message.split('\n')[0]}\n`,
    );
    return null;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** Debian's Python lacks ensurepip where python3-venv is not installed. */
async function makeVenv(dir: string): Promise<void> {
  try {
    await run('python3', ['-m', 'venv', dir]);
  } catch {
    await rm(dir, { recursive: true, force: true });
    await run('virtualenv', ['--quiet', '--python', 'python3', dir]);
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
