import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The commit that this code is at, or null outside a git checkout. */
export async function currentGitSha(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], {
      cwd: dirname(fileURLToPath(import.meta.url)),
      timeout: 5_000,
    });
    return stdout.trim();
  } catch {
    return null;
  }
}
