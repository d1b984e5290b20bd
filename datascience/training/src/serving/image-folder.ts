import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** A photo's path that is not served: the message may be shown to whoever asked. */
export class ImagePathError extends Error {}

/** The one folder that photos may be read from by their path. */
export class ImageFolder {
  private constructor(
    private readonly root: string,
    private readonly maxBytes: number,
  ) {}

  /** @throws Error where it is not a folder */
  static async open(dir: string, maxBytes: number): Promise<ImageFolder> {
    const root = await realpath(dir).catch(() => null);
    if (root === null || !(await stat(root)).isDirectory()) {
      throw new Error(`--image-root ${dir} is not a folder`);
    }
    return new ImageFolder(root, maxBytes);
  }

  /**
   * Reads a photo by its path, relative to the folder or absolute within it.
   *
   * @throws ImagePathError where it lies outside, also by a symbolic link, is missing, no file, or too large
   */
  async read(path: string): Promise<Buffer> {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) throw new ImagePathError('an address is never fetched');
    const wanted = resolve(this.root, path);
    if (!this.holds(wanted)) throw outside();
    const real = await realpath(wanted).catch(() => null);
    if (real === null) throw new ImagePathError('there is no such photo in the image folder');
    if (!this.holds(real)) throw outside();
    return this.readFile(real);
  }

  private holds(path: string): boolean {
    const way = relative(this.root, path);
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  }

  /** Without following a link that took the file's place meanwhile, and without waiting for a pipe's writer. */
  private async readFile(path: string): Promise<Buffer> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(path, flags).catch(() => {
      throw new ImagePathError('the photo cannot be read');
    });
    try {
      const { size, ...found } = await file
        .stat()
        .then((info) => ({ size: info.size, isFile: info.isFile() }));
      if (!found.isFile) throw new ImagePathError('the path is not a file');
      if (size > this.maxBytes) {
        throw new ImagePathError(`the photo has ${size} bytes; at most ${this.maxBytes} are read`);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  }
}

function outside(): ImagePathError {
  return new ImagePathError('the path leaves the image folder');
}
