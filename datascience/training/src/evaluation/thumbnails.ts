import pLimit from 'p-limit';

/** Longest side in pixels: shown at 144, sharp enough on dense screens. */
const SIDE = 200;
const QUALITY = 60;
/** A photo with more pixels is not shown: decoding it could exhaust the memory. */
const MAX_PIXELS = 50_000_000;
/** Photos decoded at once. */
const CONCURRENCY = 4;

/** Small pictures of photos, as data URLs by path; a photo that cannot be read has none. */
export async function makeThumbnails(paths: Iterable<string>): Promise<Map<string, string>> {
  const { default: sharp } = await import('sharp');
  const limit = pLimit(CONCURRENCY);
  const pictures = await limit.map([...new Set(paths)], async (path) => {
    const picture = await sharp(path, { limitInputPixels: MAX_PIXELS })
      .rotate()
      .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' })
      .webp({ quality: QUALITY })
      .toBuffer()
      .catch(() => null);
    return [path, picture] as const;
  });
  return new Map(
    pictures.flatMap(([path, picture]) =>
      picture === null ? [] : [[path, `data:image/webp;base64,${picture.toString('base64')}`]],
    ),
  );
}
