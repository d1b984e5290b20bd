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

const ball: Drawing = (_random, p) =>
  circle(100, 100, 76, p.main) +
  polygon('100,66 132,90 120,128 80,128 68,90', p.dark) +
  stroke('M100 66 v-42 M132 90 l40 -14 M120 128 l26 36 M80 128 l-26 36 M68 90 l-40 -14', p.dark, 4);

const racket: Drawing = (_random, p) =>
  ellipse(100, 72, 48, 60, p.light) +
  repeat(7, (i) => stroke(`M${64 + i * 12} 24 v96`, '#888', 1)) +
  repeat(7, (i) => stroke(`M56 ${36 + i * 12} h88`, '#888', 1)) +
  `<ellipse cx="100" cy="72" rx="48" ry="60" fill="none" stroke="${p.main}" stroke-width="8"/>` +
  rect(93, 132, 14, 56, p.dark, 4);

const guitar: Drawing = (_random, p) =>
  path(
    'M70 108 q-26 -4 -30 32 q2 44 60 46 q58 -2 60 -46 q-4 -36 -30 -32 q-10 -6 -10 -20 h-40 q0 14 -10 20 z',
    p.main,
  ) +
  rect(92, 16, 16, 98, p.dark) +
  circle(100, 132, 17, '#2a1c12') +
  rect(86, 6, 28, 18, p.dark, 3);

const canvas: Drawing = (random, p) =>
  stroke('M60 190 L96 20 M140 190 L104 20', '#8a6a3b', 6) +
  rect(44, 40, 112, 96, '#fbfbf5') +
  circle(between(random, 70, 130), 70, 14, p.accent) +
  polygon('50,130 84,86 104,112 124,94 150,130', p.main);

/** Sport, music and crafts indoors. */
export const leisureDrawing = oneOf(ball, racket, guitar, canvas, ball);

const tent: Drawing = (_random, p) =>
  polygon('14,164 100,34 186,164', p.main) +
  polygon('72,164 100,70 128,164', p.dark) +
  stroke('M14 164 l-8 12 M186 164 l8 12', '#555', 3);

const bicycle: Drawing = (_random, p) =>
  [48, 152]
    .map((x) => `<circle cx="${x}" cy="130" r="36" fill="none" stroke="#222" stroke-width="6"/>`)
    .join('') +
  stroke('M48 130 L78 72 H136 L152 130 M78 72 L100 130 L136 72 M48 130 H100', p.main, 6) +
  stroke('M66 66 h24 M128 58 h22', '#222', 7);

const trampoline: Drawing = (_random, p) =>
  stroke('M36 110 v60 M164 110 v60 M78 124 v58 M122 124 v58', '#666', 6) +
  ellipse(100, 110, 84, 24, p.main) +
  ellipse(100, 108, 66, 16, '#222') +
  stroke('M20 100 v-70 M180 100 v-70 M60 90 v-66 M140 90 v-66', '#777', 4);

const backpack: Drawing = (_random, p) =>
  stroke('M74 40 q26 -34 52 0', p.dark, 8) +
  rect(52, 36, 96, 144, p.main, 26) +
  rect(66, 104, 68, 60, p.accent, 10) +
  stroke('M66 124 h68', p.dark, 4);

/** Camping, bicycles and the garden's games. */
export const outdoorDrawing = oneOf(tent, tent, bicycle, trampoline, backpack, ball);

const bottle: Drawing = (_random, p) =>
  path('M86 26 q14 -20 28 0 v14 h-28 z', '#e9c9a8') +
  rect(70, 40, 60, 20, p.main, 5) +
  rect(66, 60, 68, 120, '#eef6fb', 14) +
  rect(66, 116, 68, 64, '#fdfdf8', 14) +
  repeat(4, (i) => stroke(`M118 ${84 + i * 20} h14`, p.dark, 3));

const stroller: Drawing = (_random, p) =>
  path('M34 66 h104 q0 56 -52 56 q-52 0 -52 -56 z', p.main) +
  path('M86 66 v-48 q-50 2 -52 48 z', p.accent) +
  stroke('M138 66 L176 30', '#555', 6) +
  stroke('M62 120 L112 160 M112 120 L62 160', '#555', 5) +
  circle(58, 166, 17, '#333') +
  circle(118, 166, 17, '#333');

const bodysuit: Drawing = (_random, p) =>
  path(
    'M68 26 q32 24 64 0 l40 26 -18 34 -16 -8 v54 q-4 30 -24 50 h-28 q-20 -20 -24 -50 v-54 l-16 8 -18 -34 z',
    p.light,
  ) + circle(100, 96, 18, p.main);

const pacifier: Drawing = (_random, p) =>
  ellipse(100, 70, 26, 34, '#e9c9a8') +
  ellipse(100, 104, 64, 22, p.main) +
  `<circle cx="100" cy="146" r="26" fill="none" stroke="${p.accent}" stroke-width="10"/>`;

/** Things for babies. */
export const babyDrawing = oneOf(bottle, stroller, bodysuit, pacifier);
