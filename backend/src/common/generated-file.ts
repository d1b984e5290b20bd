import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Writes a generated file; where it is only checked, a difference fails the process and nothing is written. */
export function writeGenerated(file: string, content: string, isCheck: boolean): void {
  if (!isCheck) {
    writeFileSync(file, content);
    return;
  }
  if (!existsSync(file) || readFileSync(file, 'utf8') !== content) {
    process.stderr.write(`${basename(file)} is out of date: run "pnpm generate"\n`);
    process.exitCode = 1;
  }
}
