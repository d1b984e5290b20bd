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

const gameCase: Drawing = (random, p) =>
  rect(48, 20, 106, 160, p.dark, 5) +
  rect(54, 26, 96, 18, p.main) +
  rect(54, 46, 96, 128, p.light) +
  polygon(`60,168 ${between(random, 80, 120)},${between(random, 70, 100)} 144,168`, p.accent) +
  circle(between(random, 75, 125), 74, between(random, 10, 18), p.main);

const cartridge: Drawing = (_random, p) =>
  path('M45 30 h110 v110 l-12 14 v24 h-86 v-24 l-12 -14 z', '#8d8f94') +
  rect(60, 50, 80, 66, p.main) +
  circle(100, 83, 20, p.accent);

/** A game in its case, a cartridge. */
export const videoGameDrawing = oneOf(gameCase, gameCase, cartridge);

const disc: Drawing = (_random, p) =>
  circle(100, 100, 76, '#d5d8de') +
  circle(100, 100, 60, p.main) +
  circle(100, 100, 26, '#eef0f3') +
  circle(100, 100, 10, '#fff');

const bigBox: Drawing = (random, p) =>
  polygon('40,34 140,34 164,22 64,22', p.light) +
  polygon('140,34 164,22 164,166 140,182', p.dark) +
  rect(40, 34, 100, 148, p.main) +
  circle(90, 110, between(random, 20, 36), p.accent) +
  stroke('M54 54 h72', p.light, 6);

/** A computer game: box, disc or the same case as for a console. */
export const pcGameDrawing = oneOf(bigBox, disc, gameCase);

const gamepad: Drawing = (_random, p) =>
  path(
    'M50 70 h100 q34 8 36 72 q-4 24 -26 12 l-26 -28 h-68 l-26 28 q-22 12 -26 -12 q2 -64 36 -72 z',
    p.main,
  ) +
  rect(52, 90, 8, 26, p.dark) +
  rect(43, 99, 26, 8, p.dark) +
  circle(140, 92, 6, p.accent) +
  circle(154, 103, 6, p.light) +
  circle(140, 114, 6, p.accent) +
  circle(126, 103, 6, p.light) +
  circle(80, 122, 10, p.dark) +
  circle(120, 122, 10, p.dark);

const headset: Drawing = (_random, p) =>
  stroke('M40 120 v-20 q0 -66 60 -66 q60 0 60 66 v20', p.dark, 10) +
  rect(26, 104, 28, 54, p.main, 12) +
  rect(146, 104, 28, 54, p.main, 12) +
  stroke('M44 156 q10 24 40 24', p.dark, 5);

const cable: Drawing = (_random, p) =>
  stroke(
    'M40 60 q60 -50 110 0 q30 50 -30 70 q-70 20 -80 -30 q0 -40 60 -44 q56 4 50 50 q-10 50 -60 60',
    p.dark,
    7,
  ) +
  rect(24, 48, 26, 22, p.main, 3) +
  rect(70, 158, 26, 20, p.main, 3);

const pouch: Drawing = (_random, p) =>
  rect(24, 60, 152, 90, p.dark, 26) + stroke('M34 100 h132', p.accent, 4) + rect(152, 96, 18, 8, p.light, 3);

/** Pads, headsets, cables, pouches. */
export const accessoryDrawing = oneOf(gamepad, gamepad, headset, cable, pouch);

const homeConsole: Drawing = (random, p) =>
  rect(20, 92, 160, 46, p.dark, 4) +
  stroke('M26 112 h90', '#888', 3) +
  circle(160, 115, 8, p.accent) +
  (random.next() < 0.7 ? group(gamepad(random, p), 'translate(60 112) scale(0.42)') : '');

const handheld: Drawing = (_random, p) =>
  rect(12, 58, 176, 84, p.main, 30) +
  rect(52, 68, 96, 64, '#20242c') +
  rect(58, 74, 84, 52, p.accent) +
  circle(32, 86, 9, p.dark) +
  circle(168, 86, 9, p.dark) +
  circle(32, 116, 6, p.light) +
  circle(168, 116, 6, p.light);

const clamshell: Drawing = (_random, p) =>
  rect(40, 20, 120, 76, p.main, 8) +
  rect(62, 30, 76, 54, '#cfe3ea') +
  rect(40, 100, 120, 76, p.main, 8) +
  rect(66, 110, 68, 52, '#cfe3ea') +
  circle(52, 132, 7, p.dark) +
  circle(148, 132, 7, p.dark);

/** A console. */
export const consoleDrawing = oneOf(homeConsole, homeConsole, handheld, clamshell);

/** A console with its games. */
export const bundleDrawing: Drawing = (random, p) =>
  group(random.pick([homeConsole, handheld])(random, p), 'translate(-4 -50) scale(0.9)') +
  repeat(between(random, 1, 3), (i) =>
    group(gameCase(random, p), `translate(${10 + i * 58} 96) scale(0.5)`),
  ) +
  (random.next() < 0.5 ? group(gamepad(random, p), 'translate(110 100) scale(0.4)') : '');
