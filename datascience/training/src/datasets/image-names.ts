import { readdir } from 'node:fs/promises';
import { extname, basename, join } from 'node:path';

/** Extensions of source photos, the preferred first. */
const SOURCE_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp'];

/** File name of a product's photo without its extension; null where the product names none. */
export function imageStem(product: { imageId: string; productId: string }): string | null {
  return product.imageId === '' ? null : `image_${product.imageId}_product_${product.productId}`;
}

/** File name of a prepared photo within `images/`. */
export function preparedName(stem: string): string {
  return `${stem}.png`;
}

/** Source photos of a folder and the folders within it, by name without extension; none where there is no folder. */
export async function listSourceImages(dir: string): Promise<Map<string, string>> {
  const images = new Map<string, { path: string; rank: number }>();
  for (const name of await listFiles(dir, true)) {
    const extension = extname(name);
    const rank = SOURCE_EXTENSIONS.indexOf(extension.toLowerCase());
    if (rank < 0) continue;
    const stem = basename(name, extension);
    const known = images.get(stem);
    if (!known || rank < known.rank) images.set(stem, { path: join(dir, name), rank });
  }
  return new Map([...images].map(([stem, { path }]) => [stem, path]));
}

/** Names within a folder; none where there is no folder. */
export async function listFiles(dir: string, recursive = false): Promise<string[]> {
  try {
    return (await readdir(dir, { recursive })).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
