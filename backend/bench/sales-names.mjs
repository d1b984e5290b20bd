// Prints how well vegetables are found by their misspelt names: `pnpm bench:sales-names`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { NameMatcher } from '../dist/sales/silver/name-matcher.js';
import { scoreNames } from '../dist/sales/silver/score-names.js';
import { vegetables } from '../dist/sales/silver/vegetables.data.js';

const file = process.argv[2] ?? join(import.meta.dirname, '../test/fixtures/sales/misspellings.csv');
const matcher = new NameMatcher(vegetables);
const { precision, recall, spellings, exact, mistakes } = scoreNames(
  matcher,
  parse(readFileSync(file), { columns: true }),
);

for (const { spelling, vegetable, found } of mistakes) {
  console.log(`${spelling.padEnd(24)} is ${vegetable || 'none of them'}, was taken for ${found ?? 'none'}`);
}
console.log(`vegetables  ${vegetables.length}`);
console.log(`spellings   ${spellings}, of which ${exact} are forms of the dictionary`);
console.log(`precision   ${precision.toFixed(4)}  (right among those taken for a vegetable)`);
console.log(`recall      ${recall.toFixed(4)}  (right among those that are one)`);
