import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a program to its end and reads the JSON that is its last line on standard output. Each measured program is a
 * process of its own and tells its own peak memory, so that nobody's memory is counted to another.
 *
 * @param {string} command
 * @param {string[]} args
 * @throws {Error} where it fails
 */
export async function runMeasured(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const endWithParent = () => child.kill('SIGKILL');
  process.once('exit', endWithParent);
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  const [code, signal] = await once(child, 'close');
  process.off('exit', endWithParent);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}`);
  return JSON.parse(Buffer.concat(chunks).toString('utf8').trimEnd().split('\n').at(-1));
}
