import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageFolder } from './image-folder.js';

describe('ImageFolder', () => {
  let dir: string;
  let folder: ImageFolder;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vitrine-images-'));
    await mkdir(join(dir, 'root/inner'), { recursive: true });
    await mkdir(join(dir, 'root-beside'));
    await writeFile(join(dir, 'secret.png'), 'secret');
    await writeFile(join(dir, 'root-beside/a.png'), 'secret');
    await writeFile(join(dir, 'root/inner/a.png'), 'photo');
    await writeFile(join(dir, 'root/..b.png'), 'dots');
    await writeFile(join(dir, 'root/large.png'), 'x'.repeat(101));
    await symlink(join(dir, 'secret.png'), join(dir, 'root/out.png'));
    await symlink(dir, join(dir, 'root/up'));
    await symlink(join(dir, 'root/inner/a.png'), join(dir, 'root/in.png'));
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(dir, 'root/pipe.png')]);
    folder = await ImageFolder.open(join(dir, 'root'), 100);
  });
  afterAll(() => rm(dir, { recursive: true }));

  it.each(['inner/a.png', './inner/../inner/a.png', 'in.png'])('reads %s', async (path) => {
    expect(String(await folder.read(path))).toBe('photo');
  });

  it('reads an absolute path within the folder, and a name that begins with dots', async () => {
    expect(String(await folder.read(join(dir, 'root/inner/a.png')))).toBe('photo');
    expect(String(await folder.read('..b.png'))).toBe('dots');
  });

  it.each(['../secret.png', 'inner/../../secret.png', '../root-beside/a.png', '/etc/passwd', '..'])(
    'refuses %s, which leaves it',
    (path) => expect(folder.read(path)).rejects.toThrow('the path leaves the image folder'),
  );

  it.each(['out.png', 'up/secret.png'])('refuses %s, a link that leaves it', (path) =>
    expect(folder.read(path)).rejects.toThrow('the path leaves the image folder'),
  );

  it.each([
    ['absent.png', /no such photo/],
    ['a\0.png', /no such photo/],
    ['', /not a file/],
    ['inner', /not a file/],
    ['pipe.png', /not a file/],
    ['large.png', /101 bytes; at most 100/],
    ['https://example.org/a.png', /never fetched/],
    ['file:///etc/passwd', /never fetched/],
  ])('refuses %j', (path, message) => expect(folder.read(path)).rejects.toThrow(message));

  it('is a folder', async () => {
    await expect(ImageFolder.open(join(dir, 'secret.png'), 1)).rejects.toThrow(
      /--image-root .* not a folder/,
    );
    await expect(ImageFolder.open(join(dir, 'absent'), 1)).rejects.toThrow(/not a folder/);
  });
});
