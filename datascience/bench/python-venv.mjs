import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/** Virtual environments live outside the project, one for each set of pinned packages. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'vitrine');

/** The usual Python stack for text: name of its environment and what is in it. */
export const SCIKIT_LEARN = ['scikit-learn-1.7.2', ['scikit-learn==1.7.2', 'numpy==2.4.6', 'scipy==1.17.1']];

/**
 * Makes a Python virtual environment with pinned packages, once.
 *
 * @param {string} name of its folder; it should tell the versions, so that others make another one
 * @param {string[]} requirements as pip takes them, e.g. `scikit-learn==1.7.2`
 * @returns {Promise<string>} the environment's own Python
 */
export async function pythonWith(name, requirements) {
  const dir = join(CACHE, name);
  const python = join(dir, 'bin', 'python');
  const marker = join(dir, 'installed');
  if (await exists(marker)) return python;
  console.error(`Installing ${requirements.join(' ')} into ${dir} (once)`);
  await rm(dir, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  await makeVenv(dir);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements], {
    timeout: INSTALL_TIMEOUT_MS,
  });
  // Written last, and renamed: an install that was cut off is made again.
  await run(python, ['-m', 'pip', 'freeze']).then(({ stdout }) => writeMarker(marker, stdout));
  return python;
}

async function makeVenv(dir) {
  const python = process.env.PYTHON || 'python3';
  // Debian's Python lacks ensurepip where python3-venv is not installed.
  const makers = [
    [python, '-m', 'venv', dir],
    ['virtualenv', '--quiet', '--python', python, dir],
    ['uv', 'venv', '--quiet', '--seed', '--python', python, dir],
  ];
  const failures = [];
  for (const [command, ...args] of makers) {
    try {
      await run(command, args, { timeout: INSTALL_TIMEOUT_MS });
      return;
    } catch (error) {
      failures.push(error.message.split('\n')[0]);
      await rm(dir, { recursive: true, force: true });
    }
  }
  throw new Error(
    `No virtual environment could be made (python3-venv, virtualenv or uv does it): ${failures.join('; ')}`,
  );
}

async function writeMarker(path, text) {
  await writeFile(`${path}.partial`, text);
  await rename(`${path}.partial`, path);
}

async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
