import {
  between,
  circle,
  ellipse,
  group,
  oneOf,
  path,
  polygon,
  rect,
  repeat,
  stroke,
  type Drawing,
} from './svg-shapes.js';

const character: Drawing = (random, p) =>
  ellipse(100, 184, 52, 9, p.dark) +
  rect(82, 140, 14, 42, p.dark) +
  rect(104, 140, 14, 42, p.dark) +
  path('M76 92 h48 l8 56 h-64 z', p.main) +
  stroke(`M76 98 l-${between(random, 14, 30)} ${between(random, 10, 40)}`, '#e8b98f', 10) +
  stroke(`M124 98 l${between(random, 14, 30)} ${between(random, -30, 40)}`, '#e8b98f', 10) +
  circle(100, 58, between(random, 30, 40), '#f0c8a0') +
  path('M62 52 q6 -44 38 -42 q34 0 38 42 q-38 -26 -76 0 z', p.accent) +
  circle(88, 62, 5, '#222') +
  circle(112, 62, 5, '#222');

const mug: Drawing = (_random, p) =>
  stroke('M140 74 q44 0 40 40 q-6 30 -44 26', p.light, 11) +
  rect(46, 48, 98, 118, p.light, 8) +
  circle(95, 105, 28, p.main) +
  circle(95, 105, 12, p.accent);

const shirt: Drawing = (_random, p) =>
  path('M70 30 q30 20 60 0 l46 30 -20 36 -20 -10 v94 h-72 v-94 l-20 10 -20 -36 z', p.main) +
  circle(100, 104, 24, p.accent);

/** Figures and things with heroes on them. */
export const figurineDrawing = oneOf(character, character, mug, shirt);

const card: Drawing = (random, p) =>
  rect(50, 20, 100, 156, p.accent, 7) +
  rect(57, 27, 86, 142, p.light) +
  rect(62, 42, 76, 62, p.main) +
  circle(100, 73, between(random, 14, 24), p.accent) +
  stroke('M64 34 h46', p.dark, 4) +
  repeat(4, (i) => stroke(`M66 ${118 + i * 11} h${between(random, 36, 66)}`, '#666', 3));

const fan: Drawing = (random, p) =>
  repeat(between(random, 3, 5), (i) =>
    group(card(random, p), `rotate(${i * 16 - 30} 100 190) translate(30 40) scale(0.7)`),
  );

/** Trading cards. */
export const cardDrawing = oneOf(card, card, fan);

const sword: Drawing = (_random, p) =>
  polygon('92,130 92,30 100,10 108,30 108,130', '#c9ced6') +
  rect(68, 128, 64, 11, p.accent, 3) +
  rect(94, 139, 12, 38, p.dark) +
  circle(100, 182, 9, p.accent);

const skull: Drawing = (_random, p) =>
  path('M40 92 q0 -66 60 -66 q60 0 60 66 q0 30 -24 38 v34 h-72 v-34 q-24 -8 -24 -38 z', '#e9e3d0') +
  circle(78, 92, 17, p.dark) +
  circle(122, 92, 17, p.dark) +
  polygon('100,110 92,128 108,128', p.dark) +
  repeat(4, (i) => stroke(`M${76 + i * 16} 144 v20`, '#333', 3));

const warrior: Drawing = (random, p) =>
  group(character(random, { ...p, accent: '#8c9099' }), 'translate(20 20) scale(0.8)') +
  stroke('M160 30 v130', '#8a6a3b', 6) +
  polygon('150,34 170,34 160,6', '#c9ced6') +
  path('M24 92 h44 v30 q-4 24 -22 30 q-18 -6 -22 -30 z', p.main);

const die: Drawing = (_random, p) =>
  polygon('100,16 174,58 174,142 100,184 26,142 26,58', p.main) +
  polygon('100,54 146,132 54,132', p.accent) +
  stroke('M100 16 v38 M174 58 l-28 74 M26 58 l28 74 M54 132 l46 52 46 -52', '#333', 2);

/** Swords, warriors, skulls, dice of many sides. */
export const fantasyDrawing = oneOf(sword, skull, warrior, warrior, die);

const car: Drawing = (_random, p) =>
  path('M14 128 q2 -24 34 -26 l24 -30 q40 -12 68 2 l20 28 q26 2 28 26 z', p.main) +
  path('M64 100 l16 -22 h22 v22 z', '#cfe3ea') +
  path('M108 100 v-22 q18 -2 28 6 l12 16 z', '#cfe3ea') +
  circle(54, 130, 19, '#222') +
  circle(54, 130, 9, p.light) +
  circle(148, 130, 19, '#222') +
  circle(148, 130, 9, p.light);

const plane: Drawing = (_random, p) =>
  path('M14 104 q10 -18 60 -18 h80 q32 6 32 18 q-4 12 -32 12 h-80 q-50 0 -60 -12 z', p.light) +
  polygon('90,92 60,30 82,30 126,92', p.main) +
  polygon('90,112 60,172 82,172 126,112', p.main) +
  polygon('24,92 12,62 30,62 50,92', p.accent);

const drone: Drawing = (_random, p) =>
  stroke('M50 60 L150 140 M150 60 L50 140', p.dark, 9) +
  rect(74, 78, 52, 44, p.main, 10) +
  [50, 150].flatMap((x) => [60, 140].map((y) => ellipse(x, y, 32, 7, p.light))).join('') +
  circle(100, 122, 9, '#222');

/** Scale models. */
export const miniatureDrawing = oneOf(car, car, plane, drone);

const teddy: Drawing = (_random, p) =>
  circle(64, 46, 17, p.main) +
  circle(136, 46, 17, p.main) +
  ellipse(100, 138, 46, 48, p.main) +
  circle(100, 70, 42, p.main) +
  ellipse(100, 84, 18, 14, p.light) +
  circle(84, 62, 5, '#222') +
  circle(116, 62, 5, '#222') +
  circle(100, 79, 5, '#222') +
  ellipse(50, 128, 14, 24, p.main) +
  ellipse(150, 128, 14, 24, p.main) +
  ellipse(100, 144, 26, 28, p.light);

const bricks: Drawing = (random, p) =>
  repeat(between(random, 4, 8), (i) => {
    const x = 24 + (i % 3) * 52;
    const y = 140 - Math.floor(i / 3) * 50;
    const fill = random.pick([p.main, p.accent, p.light, p.dark]);
    return rect(x, y, 48, 40, fill, 3) + circle(x + 14, y - 3, 7, fill) + circle(x + 34, y - 3, 7, fill);
  });

/** Soft toys, bricks, little cars. */
export const toyDrawing = oneOf(teddy, bricks, teddy, car);

const lid: Drawing = (random, p) =>
  rect(18, 46, 164, 112, p.main, 4) +
  rect(18, 46, 164, 26, p.dark) +
  stroke('M40 60 h90', p.light, 7) +
  repeat(between(random, 2, 5), (i) => circle(46 + i * 28, 116, 13, random.pick([p.accent, p.light])));

const board: Drawing = (random, p) =>
  rect(20, 20, 160, 160, p.light) +
  repeat(36, (i) => {
    const dark = (i + Math.floor(i / 6)) % 2 === 0;
    return rect(28 + (i % 6) * 24, 28 + Math.floor(i / 6) * 24, 24, 24, dark ? p.main : '#f7f1e0');
  }) +
  repeat(between(random, 2, 6), () =>
    circle(40 + 24 * random.integer(6), 40 + 24 * random.integer(6), 9, p.accent),
  );

const dice: Drawing = (_random, p) =>
  group(
    rect(60, 60, 80, 80, '#fff', 12) +
      circle(80, 80, 8, p.dark) +
      circle(120, 120, 8, p.dark) +
      circle(100, 100, 8, p.dark),
    'translate(-20 20)',
  ) +
  group(
    rect(60, 60, 80, 80, p.main, 12) + circle(82, 82, 8, '#fff') + circle(118, 118, 8, '#fff'),
    'translate(60 -30) scale(0.8)',
  );

/** Boxes, boards and dice. */
export const boardGameDrawing = oneOf(lid, board, dice, card);
