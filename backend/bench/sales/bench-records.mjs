import { NameMatcher } from '../../dist/sales/silver/name-matcher.js';
import { vegetables } from '../../dist/sales/silver/vegetables.data.js';

export const names = new NameMatcher(vegetables);

/** The twelve spellings of the three vegetables that the real file has. */
const fileSpellings = [
  ...['Tomate', 'Tomato', 'Tomatto', 'tomaot'],
  ...['Pear', 'Peer', 'Pera', 'Poire'],
  ...['Brusel Sprout', 'Brussel Sprout', 'Brussell Sprout', 'Brusselsprout'],
];
/** 200 weeks of 2020 to 2023. */
const recentWeeks = Array.from({ length: 200 }, (_, i) => (2020 + Math.floor(i / 50)) * 100 + (i % 50) + 1);
/** Every form of every vegetable, of which 919, a prime: no two indices below 1,102,800 make the same key. */
const allNames = [
  ...new Set(vegetables.flatMap(([name, ...forms]) => [name, ...forms.flatMap((list) => list.split('|'))])),
].slice(0, 919);
/** 1,200 weeks of 2000 to 2023. */
const manyWeeks = Array.from({ length: 1_200 }, (_, i) => (2000 + Math.floor(i / 50)) * 100 + (i % 50) + 1);

/** Deterministic numbers below `n` (mulberry32). */
export function buildRandom(seed) {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * n);
  };
}

const pick = (random, list) => list[random(list.length)];

/** A record like the real file's: at most 2,400 keys. */
export const fileRecord = (random) => ({
  year_week: pick(random, recentWeeks),
  vegetable: pick(random, fileSpellings),
  sales: random(1_000),
});

/** The i-th of 1,102,800 distinct keys, over every vegetable and spelling. */
export const distinctRecord = (i, random) => ({
  year_week: manyWeeks[i % manyWeeks.length],
  vegetable: allNames[(Math.floor(i / manyWeeks.length) + i) % allNames.length],
  sales: random(1_000),
});

export const anyVegetable = (random) => pick(random, vegetables)[0];
