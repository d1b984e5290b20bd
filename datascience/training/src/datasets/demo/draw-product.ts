import sharp from 'sharp';
import type { Random } from '../../common/random.js';
import * as collecting from './drawings/collecting.js';
import * as games from './drawings/games.js';
import * as home from './drawings/home.js';
import * as leisure from './drawings/leisure.js';
import * as outdoors from './drawings/outdoors.js';
import * as paper from './drawings/paper.js';
import { between, group, type Drawing, type Palette } from './drawings/svg-shapes.js';

/** Shares of photos that do not show the product plainly: an image model cannot be right about them all. */
const SHARES = {
  /** In its parcel. */
  parcel: 0.06,
  /** With what belongs to a neighbouring category in the picture. */
  neighbour: 0.08,
  whiteBackground: 0.6,
  /** A coloured photo within a white border. */
  whiteBorder: 0.4,
  badge: 0.12,
  blurred: 0.3,
};

const DRAWINGS: Record<number, Drawing> = {
  10: paper.bookDrawing,
  2705: paper.digitalBookDrawing,
  2280: paper.magazineDrawing,
  2403: paper.oldBookDrawing,
  2522: paper.officeDrawing,
  40: games.videoGameDrawing,
  2905: games.pcGameDrawing,
  50: games.accessoryDrawing,
  60: games.consoleDrawing,
  2462: games.bundleDrawing,
  1140: collecting.figurineDrawing,
  1160: collecting.cardDrawing,
  1180: collecting.fantasyDrawing,
  1280: collecting.toyDrawing,
  1281: collecting.boardGameDrawing,
  1300: collecting.miniatureDrawing,
  1301: leisure.leisureDrawing,
  1302: leisure.outdoorDrawing,
  1320: leisure.babyDrawing,
  1560: home.furnitureDrawing,
  1920: home.beddingDrawing,
  1940: home.groceryDrawing,
  2060: home.decorationDrawing,
  2220: home.petDrawing,
  2582: outdoors.gardenDrawing,
  2583: outdoors.poolDrawing,
  2585: outdoors.toolDrawing,
};

/**
 * Draws a product as a shop might photograph it: turned, small or large, on white or in colour.
 *
 * @param neighbours ids of categories whose products may be shown instead
 * @returns a JPEG of 220 to 380 pixels a side
 */
export async function drawProduct(
  categoryId: number,
  neighbours: readonly number[],
  random: Random,
): Promise<Buffer> {
  const drawing = chooseDrawing(categoryId, neighbours, random);
  const width = between(random, 220, 380);
  const height = between(random, 220, 380);
  const svg = sceneSvg(drawing, width, height, random);
  const photo = sharp(Buffer.from(svg)).flatten({ background: 'white' });
  if (random.next() < SHARES.blurred) photo.blur(0.5 + random.next());
  return photo.jpeg({ quality: between(random, 60, 92) }).toBuffer();
}

function chooseDrawing(categoryId: number, neighbours: readonly number[], random: Random): Drawing {
  const roll = random.next();
  if (roll < SHARES.parcel) return outdoors.parcelDrawing;
  const isNeighbour = roll < SHARES.parcel + SHARES.neighbour && neighbours.length > 0;
  const id = isNeighbour ? random.pick(neighbours) : categoryId;
  const drawing = DRAWINGS[id];
  if (!drawing) throw new Error(`Category ${id} has no drawing`);
  return drawing;
}

function sceneSvg(drawing: Drawing, width: number, height: number, random: Random): string {
  const side = Math.min(width, height);
  const scale = (side / 200) * (0.6 + random.next() * 0.35);
  const angle = random.next() < 0.5 ? between(random, -6, 6) : between(random, -35, 35);
  const mirror = random.next() < 0.3 ? -1 : 1;
  const x = width / 2 + between(random, -12, 12);
  const y = height / 2 + between(random, -12, 12);
  const place = `translate(${x} ${y}) rotate(${angle}) scale(${(scale * mirror).toFixed(3)} ${scale.toFixed(3)}) translate(-100 -100)`;
  const product = group(drawing(random, choosePalette(random)), place);
  const content = background(width, height, random) + product + badge(width, random);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
}

function background(width: number, height: number, random: Random): string {
  if (random.next() < SHARES.whiteBackground) return '';
  const margin = random.next() < SHARES.whiteBorder ? between(random, 8, 24) : 0;
  const [from, to] = [colour(random, 30, 85), colour(random, 25, 70)];
  const size = `x="${margin}" y="${margin}" width="${width - 2 * margin}" height="${height - 2 * margin}"`;
  const stops = `<stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/>`;
  return `<linearGradient id="b" x1="0" y1="0" x2="0" y2="1">${stops}</linearGradient><rect ${size} fill="url(#b)"/>`;
}

function badge(width: number, random: Random): string {
  if (random.next() >= SHARES.badge) return '';
  const fill = colour(random, 85, 50);
  return `<circle cx="${width - 34}" cy="34" r="26" fill="${fill}"/><path d="M${width - 48} 34 h28" stroke="#fff" stroke-width="7"/>`;
}

function choosePalette(random: Random): Palette {
  return {
    main: colour(random, between(random, 20, 80), between(random, 35, 65)),
    accent: colour(random, between(random, 40, 90), between(random, 40, 65)),
    dark: colour(random, between(random, 5, 40), between(random, 15, 32)),
    light: colour(random, between(random, 10, 60), between(random, 80, 93)),
  };
}

function colour(random: Random, saturation: number, lightness: number): string {
  return `hsl(${random.integer(360)},${saturation}%,${lightness}%)`;
}
