/** Loads a trained model and asks it about listings one by one: `serve.mjs OUTPUT_DIR CSV`. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  loadTabularPredictor,
  readTabularPackage,
  runTabularGoldenCheck,
} from '../../inference/dist/index.js';
import { readListings } from '../../training/dist/time-to-sell/read-listings.js';

const LISTINGS = 1_500;
const [dir, input] = process.argv.slice(2);
const folder = join(dir, 'model');
const { rows } = await readListings(input);

let start = performance.now();
const pkg = await readTabularPackage(folder);
const predictor = await loadTabularPredictor(pkg);
const loadMs = performance.now() - start;
start = performance.now();
await runTabularGoldenCheck(predictor, pkg);
const goldenMs = performance.now() - start;

const times = [];
for (let i = 0; i < Math.min(LISTINGS, rows.length); i++) {
  const begun = performance.now();
  await predictor.predict([rows[i]]);
  times.push(1000 * (performance.now() - begun));
}
times.sort((a, b) => a - b);
const files = await readdir(folder, { recursive: true, withFileTypes: true });
let bytes = 0;
for (const file of files) if (file.isFile()) bytes += (await stat(join(file.parentPath, file.name))).size;
console.log(
  JSON.stringify({
    loadMs,
    goldenMs,
    medianUs: times[Math.floor(times.length / 2)],
    p99Us: times[Math.floor(times.length * 0.99)],
    packageMb: bytes / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }),
);
