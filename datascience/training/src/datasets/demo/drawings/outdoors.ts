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

const parasol: Drawing = (_random, p) =>
  path('M10 84 q90 -110 180 0 q-20 -10 -45 0 q-22 -10 -45 0 q-22 -10 -45 0 q-25 -10 -45 0 z', p.main) +
  stroke('M100 30 v146', '#8a6a3b', 6) +
  ellipse(100, 180, 34, 8, '#777');

const lounger: Drawing = (_random, p) =>
  stroke('M16 130 H118 L178 66', p.main, 15) + stroke('M30 138 v34 M110 138 v34 M150 102 v70', '#777', 6);

const set: Drawing = (_random, p) =>
  ellipse(100, 110, 46, 12, p.dark) +
  stroke('M100 118 v58', p.dark, 7) +
  [22, 148]
    .map((x) => rect(x, 84, 30, 52, p.main, 6) + stroke(`M${x + 4} 136 v40 M${x + 26} 136 v40`, p.dark, 5))
    .join('');

const gazebo: Drawing = (_random, p) =>
  polygon('10,70 100,20 190,70', p.main) +
  rect(16, 70, 168, 13, p.light) +
  stroke('M24 84 v98 M176 84 v98', '#777', 7);

const bench: Drawing = (_random, p) =>
  repeat(3, (i) => rect(18, 56 + i * 20, 164, 14, p.main)) +
  rect(12, 118, 176, 16, p.main) +
  stroke('M30 134 v46 M170 134 v46', '#444', 9);

/** Garden furniture. */
export const gardenDrawing = oneOf(parasol, lounger, set, gazebo, bench);

const roundPool: Drawing = (_random, p) =>
  path('M12 88 v48 q88 56 176 0 v-48 z', p.main) +
  ellipse(100, 88, 88, 34, '#e8f4fa') +
  ellipse(100, 92, 76, 26, '#49b3dd') +
  stroke('M58 92 q12 -7 24 0 M104 98 q12 -7 24 0', '#fff', 3);

const framePool: Drawing = (random, p) =>
  polygon('24,70 176,70 192,150 8,150', p.main) +
  polygon('34,78 166,78 176,116 24,116', '#49b3dd') +
  repeat(between(random, 4, 6), (i) => stroke(`M${20 + i * 32} 118 v46`, '#ddd', 6)) +
  stroke('M60 94 q12 -7 24 0', '#fff', 3);

const ladder: Drawing = (_random, p) =>
  stroke('M66 186 V50 q0 -30 34 -26 M124 186 V50 q0 -30 34 -26', '#a9b0ba', 9) +
  repeat(4, (i) => rect(62, 84 + i * 26, 66, 9, p.main));

const pump: Drawing = (_random, p) =>
  rect(34, 76, 92, 96, p.main, 18) +
  ellipse(80, 76, 46, 13, p.dark) +
  rect(126, 108, 46, 22, p.light, 3) +
  stroke('M80 64 v-40 h60', '#8fb9cc', 13);

const ring: Drawing = (_random, p) =>
  `<circle cx="100" cy="100" r="58" fill="none" stroke="${p.main}" stroke-width="38"/>` +
  repeat(6, (i) => circle(100 + 58 * Math.cos(i * 1.047), 100 + 58 * Math.sin(i * 1.047), 9, p.light));

const tubs: Drawing = (_random, p) =>
  rect(48, 54, 104, 126, '#f4f6f8', 8) +
  rect(42, 36, 116, 24, p.main, 5) +
  rect(58, 84, 84, 66, '#49b3dd') +
  circle(100, 117, 20, '#fff');

/** Pools and what they need. */
export const poolDrawing = oneOf(roundPool, roundPool, framePool, ladder, pump, ring, tubs);

const hammer: Drawing = (_random, p) =>
  rect(93, 50, 15, 136, p.main, 5) + path('M48 24 h84 q22 4 28 26 h-28 v10 h-84 z', '#7d838c');

const screwdriver: Drawing = (_random, p) =>
  rect(82, 14, 36, 76, p.main, 13) +
  stroke('M91 22 v58 M109 22 v58', p.dark, 3) +
  rect(95, 90, 10, 82, '#a9b0ba') +
  polygon('93,172 107,172 103,188 97,188', '#7d838c');

const drill: Drawing = (_random, p) =>
  rect(30, 48, 104, 46, p.main, 9) +
  polygon('134,54 160,64 160,78 134,88', '#555') +
  stroke('M160 71 h30', '#a9b0ba', 6) +
  polygon('46,94 86,94 74,160 32,160', p.main) +
  rect(22, 156, 66, 28, p.dark, 4);

const screws: Drawing = (random, p) =>
  repeat(
    between(random, 2, 5),
    (i) =>
      rect(30 + i * 34, 34, 26, 13, p.light, 5) +
      polygon(`${37 + i * 34},47 ${49 + i * 34},47 ${43 + i * 34},164`, '#a9b0ba') +
      repeat(7, (j) => stroke(`M${35 + i * 34} ${58 + j * 13} l16 6`, '#666', 2)),
  );

const paint: Drawing = (_random, p) =>
  rect(46, 66, 108, 116, '#c9ced6', 4) +
  ellipse(100, 66, 54, 15, p.main) +
  path('M60 74 q6 40 14 8 q10 60 20 4 z', p.main) +
  stroke('M46 76 q54 -110 108 0', '#888', 4);

/** Tools, screws and paint. */
export const toolDrawing = oneOf(hammer, screwdriver, drill, screws, paint);

/** What any product may be photographed in. */
export const parcelDrawing: Drawing = (random, p) =>
  polygon('22,66 100,34 178,66 100,100', '#d9b07a') +
  polygon('22,66 100,100 100,182 22,146', '#c49a63') +
  polygon('178,66 100,100 100,182 178,146', '#b08751') +
  (random.next() < 0.5 ? polygon('34,92 74,109 74,134 34,117', p.light) : '');
