import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createDatasetCommand } from './create-dataset.command.js';
import { demoDatasetCommand } from './demo-dataset.command.js';

let root: string;
let write: jest.SpyInstance;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vitrine-commands-'));
  write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  mkdirSync(join(root, 'in'));
  const rows = Array.from({ length: 20 }, (_, i) => i);
  writeFileSync(
    join(root, 'in', 'X.csv'),
    `,designation\n${rows.map((i) => `${i},title ${i}`).join('\n')}\n`,
  );
  writeFileSync(join(root, 'in', 'y.csv'), `,prdtypecode\n${rows.map((i) => `${i},${i % 2}`).join('\n')}\n`);
});
afterEach(() => {
  write.mockRestore();
  rmSync(root, { recursive: true, force: true });
});

function parse(command: Command, ...flags: string[]): Promise<Command> {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  return command.parseAsync(flags, { from: 'user' });
}
const create = (...flags: string[]) =>
  parse(createDatasetCommand(), '--input-dir', join(root, 'in'), '--output-dir', join(root, 'out'), ...flags);
const options = () => JSON.parse(readFileSync(join(root, 'out', 'report.json'), 'utf8')).options as object;

describe('create-dataset', () => {
  it.each([
    [[], { trainSize: 0.8, testSize: 0.2, seed: 42 }],
    [['--train-size', '0.7'], { trainSize: 0.7, testSize: 0.3, seed: 42 }],
    [['--test-size', '0.4', '--seed', '7'], { trainSize: 0.6, testSize: 0.4, seed: 7 }],
    [['--train-size', '0.5', '--test-size', '0.1'], { trainSize: 0.5, testSize: 0.1, seed: 42 }],
  ])('reads %j', async (flags, expected) => {
    await create(...flags);
    expect(options()).toEqual(expected);
  });

  it.each([
    ['--train-size', '80'],
    ['--train-size', '0'],
    ['--test-size', 'abc'],
    ['--seed', '1.5'],
    ['--seed', '-1'],
    ['--unknown', '1'],
  ])('refuses %s %s', async (...flags) => {
    await expect(create(...flags)).rejects.toThrow();
    expect(existsSync(join(root, 'out'))).toBe(false);
  });

  it('stops under --strict', async () => {
    await expect(create('--strict')).rejects.toThrow('there is no column description');
  });
});

describe('demo-dataset', () => {
  it('writes as many products as asked for', async () => {
    const out = join(root, 'demo');
    await parse(demoDatasetCommand(), '--output-dir', out, '--products', '54', '--seed', '3');
    expect(existsSync(join(out, 'X.csv'))).toBe(true);
    await expect(parse(demoDatasetCommand(), '--output-dir', out, '--products', '0')).rejects.toThrow();
    await expect(parse(demoDatasetCommand())).rejects.toThrow('--output-dir');
  });
});
