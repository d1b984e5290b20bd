/**
 * The fault matrix: kills the worker in every step of every pipeline, runs two and four workers at once, asks for the
 * same month eight times, breaks source files in every way, and prints what came of each. Fails where one ends wrong.
 *
 *   pnpm --filter @vitrine/backend bench:pipeline-faults
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const args = [
  '--selectProjects',
  'backend',
  '-w',
  '1',
  '--testTimeout',
  '600000',
  '--testMatch',
  '**/fault-matrix.ts',
];
const child = spawn(process.execPath, ['--no-warnings', jest, ...args], {
  cwd: root,
  stdio: 'inherit',
});
child.once('exit', (code) => process.exit(code ?? 1));
