import { deflateSync, crc32 } from 'node:zlib';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { findContentBox } from './crop.js';
import { toRgb } from './decode.js';
import { encodePreparedPhoto, prepareSquarePhoto, SQUARE_PHOTO_DEFAULTS as config } from './square-photo.js';

const white = { r: 255, g: 255, b: 255 };
const red = { r: 200, g: 30, b: 30 };
const blue = { r: 20, g: 40, b: 180 };

function plain(width: number, height: number, background: object = white, channels: 3 | 4 = 3): Sharp {
  return sharp({ create: { width, height, channels, background: background as never } });
}

/** A white photo with a red block, and a blue strip on the block's left. */
function blockOnWhite(): Sharp {
  const block = { input: { create: { width: 200, height: 100, channels: 3 as const, background: red } } };
  const strip = { input: { create: { width: 40, height: 100, channels: 3 as const, background: blue } } };
  return plain(400, 300).composite([
    { ...block, left: 50, top: 120 },
    { ...strip, left: 50, top: 120 },
  ]);
}

async function prepare(bytes: Uint8Array, overrides: Partial<typeof config> = {}) {
  return (await prepareSquarePhoto(bytes, { ...config, ...overrides })).pixels;
}

function at(pixels: Uint8Array, x: number, y: number): number[] {
  const i = (y * config.size + x) * 3;
  return [...pixels.subarray(i, i + 3)];
}

function expectNear(actual: number[], expected: { r: number; g: number; b: number }, within = 6): void {
  [expected.r, expected.g, expected.b].forEach((value, i) =>
    expect(Math.abs((actual[i] as number) - value)).toBeLessThanOrEqual(within),
  );
}

async function codeOf(bytes: Uint8Array, overrides: Partial<typeof config> = {}): Promise<string> {
  return prepare(bytes, overrides).then(
    () => 'accepted',
    (error: { name: string; code: string }) => (error.name === 'InputError' ? error.code : String(error)),
  );
}

/** One PNG chunk. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function pngHeader(width: number, height: number): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width, 0);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', ihdr)]);
}

describe('prepareSquarePhoto', () => {
  it('crops the white border of all four sides and pads to a square without distortion', async () => {
    const pixels = await prepare(await blockOnWhite().png().toBuffer());
    expect(pixels).toHaveLength(224 * 224 * 3);
    // 200 × 100 becomes 224 × 112, from row 56 to row 167.
    expect(at(pixels, 112, 50)).toEqual([255, 255, 255]);
    expect(at(pixels, 112, 175)).toEqual([255, 255, 255]);
    expectNear(at(pixels, 222, 112), red);
    expectNear(at(pixels, 1, 58), blue);
    expectNear(at(pixels, 1, 165), blue);
    expectNear(at(pixels, 40, 112), blue);
    expectNear(at(pixels, 50, 112), red);
  });

  it('leaves an all-white photo white and a coloured background whole', async () => {
    const whole = await prepare(await plain(300, 200).jpeg().toBuffer());
    expect(new Set(whole)).toEqual(new Set([255]));
    const onBlue = plain(300, 300, blue).composite([
      { input: { create: { width: 100, height: 100, channels: 3, background: red } }, left: 100, top: 100 },
    ]);
    const pixels = await prepare(await onBlue.png().toBuffer());
    expectNear(at(pixels, 5, 5), blue);
    expectNear(at(pixels, 112, 112), red);
  });

  it('ignores JPEG noise in the border', async () => {
    const png = await prepare(await blockOnWhite().png().toBuffer());
    const jpeg = await prepare(
      await blockOnWhite().jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer(),
    );
    expectNear(at(jpeg, 112, 112), red, 8);
    const different = png.filter((value, i) => Math.abs(value - (jpeg[i] as number)) > 40).length;
    expect(different / png.length).toBeLessThan(0.05);
  });

  it('turns the photo upright by its EXIF orientation', async () => {
    const upright = await prepare(await blockOnWhite().png().toBuffer());
    // Orientation 6 asks for a quarter turn clockwise: the stored pixels are turned the other way.
    const stored = await sharp(await blockOnWhite().png().toBuffer())
      .rotate(-90)
      .png()
      .toBuffer();
    const marked = await sharp(stored).withMetadata({ orientation: 6 }).png().toBuffer();
    expect(await prepare(marked)).toEqual(upright);
  });

  it('puts transparency on white', async () => {
    const png = plain(300, 300, { r: 0, g: 0, b: 0, alpha: 0 }, 4).composite([
      { input: { create: { width: 150, height: 150, channels: 3, background: red } }, left: 20, top: 20 },
    ]);
    const pixels = await prepare(await png.png().toBuffer());
    expectNear(at(pixels, 2, 2), red);
    expectNear(at(pixels, 221, 221), red);
  });

  it.each([
    ['a greyscale JPEG', () => blockOnWhite().greyscale().toColourspace('b-w').jpeg()],
    ['a CMYK JPEG', () => blockOnWhite().toColourspace('cmyk').jpeg()],
    ['a 16-bit PNG', () => blockOnWhite().toColourspace('rgb16').png()],
    ['a 16-bit greyscale PNG', () => blockOnWhite().greyscale().toColourspace('grey16').png()],
    ['a palette PNG', () => blockOnWhite().png({ palette: true })],
    ['a 1-bit palette PNG', () => blockOnWhite().threshold(128).png({ palette: true, colours: 2 })],
    ['an interlaced PNG', () => blockOnWhite().png({ progressive: true })],
    [
      'a greyscale PNG with alpha',
      () => blockOnWhite().greyscale().toColourspace('b-w').ensureAlpha(0.5).png(),
    ],
    ['a WebP', () => blockOnWhite().webp()],
    ['a WebP with alpha', () => blockOnWhite().ensureAlpha(0.9).webp({ lossless: true })],
    ['a progressive JPEG', () => blockOnWhite().jpeg({ progressive: true })],
    ['a wide-gamut JPEG', () => blockOnWhite().withIccProfile('p3').jpeg()],
  ])('reads %s', async (_name, make) => {
    const pixels = await prepare(await make().toBuffer());
    expect(pixels).toHaveLength(224 * 224 * 3);
    expect(at(pixels, 112, 20)).toEqual([255, 255, 255]);
    expect(Math.min(...at(pixels, 180, 112))).toBeLessThan(200);
  });

  it('converts colours to sRGB', async () => {
    const p3 = await plain(64, 64, red).withIccProfile('p3').png().toBuffer();
    expectNear(at(await prepare(p3), 112, 112), red, 4);
    const cmyk = await plain(64, 64, red).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expectNear(at(await prepare(cmyk), 112, 112), red, 40);
  });

  it.each([
    [1, 1],
    [1, 5000],
    [5000, 1],
    [3, 2],
    [16, 4000],
  ])('reads a photo of %i × %i', async (width, height) => {
    const pixels = await prepare(await plain(width, height, blue).png().toBuffer());
    expect(pixels).toHaveLength(224 * 224 * 3);
    // One pixel wide at least, in the middle.
    const middle = [at(pixels, 111, 111), at(pixels, 112, 112), at(pixels, 111, 112), at(pixels, 112, 111)];
    expectNear(
      middle.reduce((a, b) => ((a[0] as number) < (b[0] as number) ? a : b)),
      blue,
      10,
    );
  });

  it('keeps the shape of a large photo that is shrunk while decoding', async () => {
    const small = await prepare(await blockOnWhite().png().toBuffer());
    const large = blockOnWhite().png().toBuffer();
    const jpeg = await sharp(await large)
      .resize(4000, 3000)
      .jpeg()
      .toBuffer();
    const pixels = await prepare(jpeg);
    const different = small.filter((value, i) => Math.abs(value - (pixels[i] as number)) > 40).length;
    expect(different / small.length).toBeLessThan(0.03);
  });

  it('is deterministic, and preparing its own PNG again changes nothing', async () => {
    const noise = plain(700, 500, white).composite([
      {
        input: await sharp({
          create: {
            width: 300,
            height: 200,
            channels: 3,
            background: red,
            noise: { type: 'gaussian', mean: 128, sigma: 60 },
          },
        })
          .png()
          .toBuffer(),
        left: 60,
        top: 200,
      },
    ]);
    const original = await noise.jpeg().toBuffer();
    const once = await prepare(original);
    expect(await prepare(original)).toEqual(once);
    const file = await encodePreparedPhoto(once, config);
    expect(await encodePreparedPhoto(once, config)).toEqual(file);
    expect(await prepare(file)).toEqual(once);
  });

  it('prepares a marked PNG anew for another size', async () => {
    const file = await encodePreparedPhoto(await prepare(await blockOnWhite().png().toBuffer()), config);
    expect(await prepare(file, { size: 96 })).toHaveLength(96 * 96 * 3);
  });
});

describe('prepareSquarePhoto refuses', () => {
  const photo = () =>
    sharp({
      create: {
        width: 300,
        height: 200,
        channels: 3,
        background: red,
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    });

  it('what is not a JPEG, PNG or WebP', async () => {
    expect(await codeOf(Buffer.from('hello, I am no image at all'))).toBe('image-unsupported');
    expect(await codeOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).toBe(
      'image-unsupported',
    );
    expect(await codeOf(await photo().gif().toBuffer())).toBe('image-unsupported');
    expect(await codeOf(await photo().tiff().toBuffer())).toBe('image-unsupported');
    expect(await codeOf(await photo().avif({ effort: 0 }).toBuffer())).toBe('image-unsupported');
  });

  it('an empty file', async () => {
    expect(await codeOf(new Uint8Array())).toBe('image-invalid');
  });

  it.each(['jpeg', 'png', 'webp'] as const)('a truncated %s, wherever it was cut', async (format) => {
    const bytes = await photo().toFormat(format).toBuffer();
    for (const part of [0.02, 0.3, 0.6, 0.9, 0.99]) {
      const cut = bytes.subarray(0, Math.max(16, Math.floor(bytes.length * part)));
      expect([part, await codeOf(cut)]).toEqual([part, 'image-invalid']);
    }
  });

  it.each(['jpeg', 'png', 'webp'] as const)('a %s whose pixels were overwritten', async (format) => {
    const bytes = await photo().toFormat(format).toBuffer();
    bytes.fill(0xff, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.6));
    expect(await codeOf(bytes)).toBe('image-invalid');
  });

  it('an animated WebP or PNG', async () => {
    const frames = await plain(20, 40, red).png().toBuffer();
    const animated = await sharp(frames, { pages: -1 }).webp({ loop: 0 }).toBuffer();
    expect(await codeOf(animated)).toBe('accepted');
    const gif = await sharp(
      await Promise.all([plain(20, 20, red).png().toBuffer(), plain(20, 20, blue).png().toBuffer()]),
      { join: { animated: true } },
    )
      .webp()
      .toBuffer();
    expect(await codeOf(gif)).toBe('image-invalid');

    const png = await plain(20, 20, red).png().toBuffer();
    const control = Buffer.alloc(8);
    control.writeUInt32BE(2, 0);
    const afterHeader = 8 + 25;
    const apng = Buffer.concat([
      png.subarray(0, afterHeader),
      chunk('acTL', control),
      png.subarray(afterHeader),
    ]);
    expect(await codeOf(apng)).toBe('image-invalid');
  });

  it('too many pixels, from the header alone', async () => {
    const side = 30_000;
    const rows = deflateSync(Buffer.alloc((side / 8 + 1) * side), { level: 9 });
    const bomb = Buffer.concat([pngHeader(side, side), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
    const before = process.memoryUsage().rss;
    const start = performance.now();
    expect(await codeOf(bomb)).toBe('image-too-large');
    expect(performance.now() - start).toBeLessThan(500);
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  it('too many bytes', async () => {
    const bytes = await photo().png().toBuffer();
    expect(await codeOf(bytes, { maxBytes: bytes.length - 1 })).toBe('image-too-large');
    expect(await codeOf(bytes, { maxBytes: bytes.length })).toBe('accepted');
  });
});

describe('prepareSquarePhoto accepts', () => {
  it('stray bytes before the end of a JPEG and after it', async () => {
    const bytes = await blockOnWhite().jpeg().toBuffer();
    const clean = await prepare(bytes);
    const end = bytes.subarray(bytes.length - 2);
    const stray = Buffer.concat([bytes.subarray(0, bytes.length - 2), Buffer.alloc(12, 7), end]);
    expect(await prepare(stray)).toEqual(clean);
    expect(await prepare(Buffer.concat([bytes, Buffer.from('<html>')]))).toEqual(clean);
  });
});

const photos = join(import.meta.dirname, '../../../../../shared/data/flipkart/images');
const describeWithShared = existsSync(photos) ? describe : describe.skip;
if (!existsSync(photos)) process.stderr.write('skipped: no shared flipkart photos\n');

describeWithShared('on real photos', () => {
  const files = existsSync(photos) ? readdirSync(photos).filter((_name, i) => i % 35 === 0) : [];

  it('finds the box that trim({ lineArt }) finds, and its own PNGs stay as they are', async () => {
    let compared = 0;
    for (const name of files) {
      const bytes = readFileSync(join(photos, name));
      const image = await toRgb(sharp(bytes).autoOrient().flatten({ background: 'white' }));
      const box = findContentBox(image, config.borderTolerance);
      const { info } = await sharp(image.pixels, {
        raw: { width: image.width, height: image.height, channels: 3 },
      })
        .trim({ lineArt: true, threshold: config.borderTolerance })
        .toBuffer({ resolveWithObject: true });
      if (Math.min(...image.pixels.subarray(0, 3)) >= 230) {
        compared++;
        expect([name, box.left, box.top, box.width, box.height]).toEqual([
          name,
          -(info.trimOffsetLeft as number) || 0,
          -(info.trimOffsetTop as number) || 0,
          info.width,
          info.height,
        ]);
      }
      const pixels = await prepare(bytes);
      expect(Buffer.compare(await prepare(await encodePreparedPhoto(pixels, config)), pixels)).toBe(0);
    }
    expect(compared).toBeGreaterThan(10);
  });
});
