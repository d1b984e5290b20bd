import {
  between,
  circle,
  group,
  oneOf,
  path,
  polygon,
  rect,
  repeat,
  stroke,
  type Drawing,
} from './svg-shapes.js';

/** Lines standing for print, from `y` down. */
function print(x: number, y: number, width: number, lines: number, colour: string): string {
  return repeat(lines, (i) => stroke(`M${x} ${y + i * 9} h${i % 3 === 2 ? width * 0.6 : width}`, colour, 3));
}

const cover: Drawing = (random, p) => {
  const width = between(random, 84, 110);
  const picture = random.pick([
    circle(100, 125, between(random, 14, 30), p.accent),
    polygon(`65,150 100,${between(random, 90, 115)} 135,150`, p.accent),
    rect(70, 105, 60, between(random, 20, 48), p.accent),
  ]);
  return (
    rect(100 - width / 2, 20, width, 160, p.main, 2) +
    rect(100 - width / 2, 20, 8, 160, p.dark) +
    print(112 - width / 2, 40, width - 30, between(random, 2, 4), p.light) +
    picture
  );
};

const openBook: Drawing = (_random, p) =>
  path('M100 60 q-40 -22 -85 -8 v92 q45 -14 85 8 z', '#fbf8ee') +
  path('M100 60 q40 -22 85 -8 v92 q-45 -14 -85 8 z', '#fbf8ee') +
  print(28, 70, 58, 7, '#777') +
  print(114, 70, 58, 7, '#777') +
  stroke('M100 60 v92', p.dark, 3);

/** A novel. */
export const bookDrawing = oneOf(cover, cover, openBook);

const reader: Drawing = (random, p) =>
  rect(48, 14, 104, 172, p.dark, 10) +
  rect(58, 28, 84, 132, '#eceae2') +
  (random.next() < 0.5
    ? print(66, 42, 66, 12, '#777')
    : group(cover(random, p), 'translate(30 28) scale(0.7)')) +
  circle(100, 173, 5, '#999');

/** A reader, or the cover of a file. */
export const digitalBookDrawing = oneOf(reader, reader, cover);

const glossy: Drawing = (random, p) =>
  rect(42, 14, 116, 168, p.light, 1) +
  rect(42, 14, 116, 34, p.main) +
  print(52, 28, between(random, 60, 92), 1, '#fff') +
  circle(100, 100, between(random, 22, 34), p.accent) +
  path('M62 182 q38 -70 76 0 z', p.accent) +
  print(48, 66, 26, between(random, 2, 5), p.dark);

const comicPage: Drawing = (random, p) => {
  const split = between(random, 80, 120);
  return (
    rect(40, 14, 120, 170, '#fff') +
    rect(47, 21, 106, 50, p.main) +
    rect(47, 76, split - 50, 48, p.accent) +
    rect(split, 76, 153 - split, 48, p.light) +
    rect(47, 129, 106, 48, p.main) +
    path('M60 30 h34 v18 h-20 l-8 10 v-10 h-6 z', '#fff') +
    circle(120, 150, 14, p.light)
  );
};

/** A magazine or a comic. */
export const magazineDrawing = oneOf(glossy, comicPage, glossy);

const LEATHER = ['#6b3e1f', '#7d4a28', '#4d2b18', '#8a6a3b', '#5a1f1f', '#2f3b2a'];

const stack: Drawing = (random) =>
  repeat(between(random, 3, 6), (i) => {
    const x = between(random, 25, 40);
    return (
      rect(x, 150 - i * 24, 130, 22, random.pick(LEATHER), 2) +
      stroke(`M${x + 14} ${151 - i * 24} v20`, '#d9b45b', 3)
    );
  });

const shelf: Drawing = (random, p) =>
  repeat(between(random, 5, 8), (i) => {
    const height = between(random, 110, 145);
    return rect(20 + i * 20, 175 - height, 19, height, random.pick([...LEATHER, p.main]));
  });

const leather: Drawing = (random) =>
  rect(52, 22, 98, 158, random.pick(LEATHER), 2) +
  '<rect x="62" y="32" width="78" height="138" fill="none" stroke="#d9b45b" stroke-width="3"/>' +
  circle(101, 101, between(random, 10, 22), '#d9b45b') +
  print(78, 50, 46, 2, '#d9b45b');

/** Old bindings and lots. */
export const oldBookDrawing = oneOf(stack, shelf, leather, cover);

const pens: Drawing = (random, p) =>
  repeat(between(random, 1, 6), (i) =>
    group(
      rect(92, 30, 14, 110, i % 2 === 0 ? p.main : p.accent) +
        polygon('92,140 106,140 99,168', '#e6c79a') +
        rect(92, 22, 14, 12, p.dark),
      `rotate(${i * 12 - 20} 100 180)`,
    ),
  );

const notebook: Drawing = (_random, p) =>
  rect(52, 22, 104, 158, p.main, 6) +
  repeat(11, (i) => circle(54, 34 + i * 13.5, 4, '#ddd')) +
  rect(76, 50, 62, 30, '#fff') +
  print(82, 60, 48, 2, '#777');

const stapler: Drawing = (_random, p) =>
  path('M25 140 h150 v14 h-150 z', p.dark) + path('M30 128 q10 -50 60 -44 l80 22 q8 10 0 20 z', p.main);

/** Pens, notebooks, desk things. */
export const officeDrawing = oneOf(pens, notebook, pens, stapler);
