import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModelStore } from '@vitrine/mlflow';
import { trainTinyTextModel } from '../test-support/tiny-text-model.js';
import { syncCommand } from './sync.command.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

describe('sync', () => {
  const listeners = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal)]));
  let dir: string;
  let output: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-sync-command-'));
    await trainTinyTextModel(dir);
  });
  beforeEach(() => {
    output = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((output += String(text)), true));
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    for (const signal of SIGNALS) {
      const added = process
        .listeners(signal)
        .filter((listener) => !listeners.get(signal)?.includes(listener));
      for (const listener of added) process.removeListener(signal, listener);
    }
  });
  afterAll(() => rm(dir, { recursive: true }));

  const sync = (to: string) =>
    syncCommand().parseAsync(['--to', to, '--from', join(dir, 'registry')], { from: 'user' });

  it('copies runs, versions and aliases, and the second time nothing', async () => {
    await sync(join(dir, 'copy'));
    expect(output).toMatch(/runs: 1 copied, 0 unchanged\nversions: 1 copied, 0 unchanged\naliases: 1 moved/);
    output = '';
    await sync(join(dir, 'copy'));
    expect(output).toMatch(/runs: 0 copied, 1 unchanged\nversions: 0 copied, 1 unchanged\naliases: 0 moved/);
    const copy = openModelStore({ registryDir: join(dir, 'copy') });
    expect(await copy.findVersionByAlias('text', 'staging')).toMatchObject({ version: 1 });
  });

  it.each([
    ['ftp://example.org', /--to ftp:\/\/example.org is neither an http\(s\) address nor a folder/],
    ['http://127.0.0.1:9', /http:\/\/127.0.0.1:9 cannot be reached/],
  ])('refuses %s', (to, message) => expect(sync(to)).rejects.toThrow(message));

  it('does not copy a registry onto itself', async () => {
    await expect(sync(join(dir, 'registry'))).rejects.toThrow(/is the registry itself/);
  });
});
