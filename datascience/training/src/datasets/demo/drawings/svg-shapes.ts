import type { Random } from '../../../common/random.js';

/** Colours of one drawing. */
export interface Palette {
  main: string;
  accent: string;
  dark: string;
  light: string;
}

/** Draws one product in a box of 200 × 200 as SVG elements. */
export type Drawing = (random: Random, palette: Palette) => string;

export function rect(x: number, y: number, width: number, height: number, fill: string, radius = 0): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="#333" stroke-width="1.5"/>`;
}

export function ellipse(cx: number, cy: number, rx: number, ry: number, fill: string): string {
  return `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${fill}" stroke="#333" stroke-width="1.5"/>`;
}

export function circle(cx: number, cy: number, radius: number, fill: string): string {
  return ellipse(cx, cy, radius, radius, fill);
}

export function polygon(points: string, fill: string): string {
  return `<polygon points="${points}" fill="${fill}" stroke="#333" stroke-width="1.5"/>`;
}

export function path(d: string, fill: string): string {
  return `<path d="${d}" fill="${fill}" stroke="#333" stroke-width="1.5"/>`;
}

/** An unfilled line of some thickness. */
export function stroke(d: string, colour: string, width: number): string {
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

/** `count` elements, one for each number from 0. */
export function repeat(count: number, draw: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => draw(i)).join('');
}

export function group(content: string, transform: string): string {
  return `<g transform="${transform}">${content}</g>`;
}

/** An integer from `low` to `high`, both included. */
export function between(random: Random, low: number, high: number): number {
  return low + random.integer(high - low + 1);
}

/** One of several drawings of the same kind of product. */
export function oneOf(...drawings: Drawing[]): Drawing {
  return (random, palette) => random.pick(drawings)(random, palette);
}
