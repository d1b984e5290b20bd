import {
  between,
  circle,
  ellipse,
  oneOf,
  path,
  polygon,
  rect,
  repeat,
  stroke,
  type Drawing,
} from './svg-shapes.js';

const chair: Drawing = (_random, p) =>
  rect(62, 20, 76, 80, p.main, 10) +
  rect(54, 98, 92, 20, p.main, 6) +
  stroke('M62 118 l-8 66 M138 118 l8 66 M78 118 l-4 50 M122 118 l4 50', '#8a6a3b', 7);

const table: Drawing = (_random, p) =>
  polygon('20,88 180,88 164,64 36,64', p.main) +
  rect(20, 88, 160, 12, p.dark) +
  stroke('M32 100 v80 M168 100 v80 M54 100 v56 M146 100 v56', p.dark, 8);

const drawers: Drawing = (random, p) => {
  const count = between(random, 2, 5);
  const height = 140 / count;
  return (
    rect(40, 24, 120, 152, p.main, 3) +
    repeat(
      count,
      (i) =>
        rect(47, 30 + i * height, 106, height - 6, p.light) +
        circle(100, 28 + i * height + height / 2, 5, p.dark),
    ) +
    stroke('M50 176 v14 M150 176 v14', p.dark, 7)
  );
};

const sofa: Drawing = (_random, p) =>
  rect(24, 62, 152, 66, p.main, 16) +
  rect(10, 88, 34, 68, p.main, 14) +
  rect(156, 88, 34, 68, p.main, 14) +
  rect(42, 110, 58, 38, p.accent, 8) +
  rect(100, 110, 58, 38, p.accent, 8) +
  stroke('M30 156 v18 M170 156 v18', '#8a6a3b', 7);

/** Furniture. */
export const furnitureDrawing = oneOf(chair, table, drawers, sofa);

const cushion: Drawing = (random, p) =>
  path('M28 30 q72 18 144 0 q-16 70 0 140 q-72 -18 -144 0 q16 -70 0 -140 z', p.main) +
  random.pick([
    repeat(4, (i) => stroke(`M44 ${58 + i * 28} q56 10 112 0`, p.light, 6)),
    circle(100, 100, 34, p.accent),
    repeat(9, (i) => circle(62 + (i % 3) * 38, 62 + Math.floor(i / 3) * 38, 10, p.light)),
  ]);

const curtains: Drawing = (_random, p) =>
  stroke('M10 24 h180', '#8a6a3b', 8) +
  path('M18 26 h70 q-4 80 -34 156 h-36 z', p.main) +
  path('M182 26 h-70 q4 80 34 156 h36 z', p.main) +
  repeat(
    3,
    (i) =>
      stroke(`M${32 + i * 16} 30 q-2 80 -6 148`, p.dark, 2) +
      stroke(`M${168 - i * 16} 30 q2 80 6 148`, p.dark, 2),
  );

const bed: Drawing = (_random, p) =>
  rect(24, 34, 152, 60, p.dark, 8) +
  rect(40, 66, 52, 34, '#fff', 10) +
  rect(108, 66, 52, 34, '#fff', 10) +
  path('M20 96 h160 l8 72 h-176 z', p.main) +
  path('M20 96 h160 l3 22 h-166 z', p.light);

const folded: Drawing = (random, p) =>
  repeat(between(random, 2, 5), (i) => rect(34, 150 - i * 30, 132, 28, i % 2 === 0 ? p.main : p.light, 13));

/** Bedding and curtains. */
export const beddingDrawing = oneOf(cushion, cushion, curtains, bed, folded);

const frame: Drawing = (random, p) =>
  rect(26, 30, 148, 136, p.dark) +
  rect(38, 42, 124, 112, p.light) +
  random.pick([
    polygon('40,152 84,84 112,120 132,98 160,152', p.main) + circle(132, 68, 13, p.accent),
    circle(86, 98, 30, p.main) + rect(100, 80, 46, 52, p.accent),
    stroke('M48 138 q30 -90 52 -30 q22 50 52 -40', p.main, 9),
  ]);

const vase: Drawing = (random, p) =>
  repeat(
    between(random, 2, 5),
    (i) =>
      stroke(`M100 90 q${i * 14 - 28} -30 ${i * 26 - 52} -66`, '#3f7a3a', 4) +
      circle(100 + i * 26 - 52, 24, 13, p.accent),
  ) + path('M80 84 h40 q-4 18 18 40 q16 40 -16 62 h-44 q-32 -22 -16 -62 q22 -22 18 -40 z', p.main);

const lamp: Drawing = (_random, p) =>
  polygon('66,90 134,90 116,24 84,24', p.light) +
  rect(95, 90, 10, 74, p.dark) +
  ellipse(100, 172, 36, 10, p.main);

const clock: Drawing = (_random, p) =>
  circle(100, 100, 78, p.main) +
  circle(100, 100, 66, '#fdfcf6') +
  repeat(12, (i) => circle(100 + 54 * Math.cos(i * 0.5236), 100 + 54 * Math.sin(i * 0.5236), 3, '#222')) +
  stroke('M100 100 v-40 M100 100 l28 16', p.dark, 5);

/** Pictures, vases, lamps, clocks. */
export const decorationDrawing = oneOf(frame, frame, vase, lamp, clock, cushion);

const jar: Drawing = (_random, p) =>
  rect(58, 26, 84, 24, p.dark, 5) +
  rect(50, 50, 100, 130, p.main, 18) +
  rect(60, 84, 80, 60, '#fbf8ee') +
  stroke('M72 104 h56 M72 120 h40', p.dark, 5);

const wine: Drawing = (_random, p) =>
  path('M88 14 h24 v52 q24 16 24 44 v70 q-36 10 -72 0 v-70 q0 -28 24 -44 z', p.dark) +
  rect(66, 112, 68, 50, p.light) +
  stroke('M76 128 h48 M76 142 h30', p.main, 4);

const packet: Drawing = (_random, p) =>
  path('M50 22 l8 8 8 -8 8 8 8 -8 8 8 8 -8 8 8 8 -8 8 8 8 -8 8 8 8 -8 v156 h-96 z', p.main) +
  ellipse(98, 74, 34, 20, p.light) +
  circle(84, 132, 16, p.accent) +
  circle(112, 140, 16, p.accent);

/** Jars, bottles, packets. */
export const groceryDrawing = oneOf(jar, wine, packet, packet);

const bowl: Drawing = (random, p) =>
  path('M26 104 h148 l18 58 h-184 z', p.main) +
  ellipse(100, 104, 74, 18, p.light) +
  repeat(between(random, 4, 9), (i) => circle(56 + i * 10, 100 + (i % 2) * 6, 8, '#8a5a2b'));

const bone: Drawing = (_random, p) =>
  path(
    'M52 84 q-26 -26 -34 0 q-4 14 8 16 q-14 6 -6 20 q16 18 32 -6 h96 q16 24 32 6 q8 -14 -6 -20 q12 -2 8 -16 q-8 -26 -34 0 z',
    p.light,
  );

const catTree: Drawing = (_random, p) =>
  rect(30, 172, 140, 14, p.main) +
  rect(54, 70, 14, 102, '#c9a878') +
  rect(132, 30, 14, 142, '#c9a878') +
  rect(28, 60, 68, 12, p.main) +
  rect(106, 22, 66, 12, p.main) +
  rect(96, 118, 58, 52, p.accent, 8) +
  circle(124, 146, 15, '#222');

const aquarium: Drawing = (_random, p) =>
  rect(20, 44, 160, 120, '#bfe3f2') +
  rect(20, 144, 160, 20, '#d8c08a') +
  path('M60 100 q20 -22 44 0 l16 -12 v24 l-16 -12 q-24 22 -44 0 z', p.main) +
  stroke('M150 144 q-10 -30 4 -60 M138 144 q8 -20 -2 -40', '#3f7a3a', 5) +
  rect(16, 34, 168, 14, p.dark);

const collar: Drawing = (_random, p) =>
  `<ellipse cx="100" cy="90" rx="74" ry="56" fill="none" stroke="${p.main}" stroke-width="17"/>` +
  rect(86, 136, 28, 22, '#c9ced6', 3) +
  circle(100, 172, 13, p.accent);

/** Bowls, bones, cat trees, aquariums. */
export const petDrawing = oneOf(bowl, bone, catTree, aquarium, collar);
