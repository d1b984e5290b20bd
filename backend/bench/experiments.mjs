// Simulates A/B experiments on models of time to sell, looked at every day, and measures their assignment.
// Usage: node bench/experiments.mjs [--experiments 1000] [--days 60] [--outcomes 100] [--seed 1]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { assignProduct } from '../dist/experiments/assignment/assign-product.js';
import {
  fixedDayOfPower,
  meanDay,
  medianDay,
  runScenario,
  shareDecided,
  shareFixed,
  sharePeeked,
} from './experiments/run-scenario.mjs';

const { values } = parseArgs({
  options: {
    experiments: { type: 'string', default: '1000' },
    days: { type: 'string', default: '60' },
    outcomes: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
const experiments = Number(values.experiments);
const days = Number(values.days);
const outcomesPerDay = Number(values.outcomes);
const seed = Number(values.seed);

const GOOD = 0.36;
const WORSE = 0.73;
const arm = (id, noise, isShadow = false) => ({ id, noise, isShadow, weight: 1 });

const scenarios = [
  ['two equal arms', [arm('a', GOOD), arm('b', GOOD)], false],
  ['three equal arms', [arm('a', GOOD), arm('b', GOOD), arm('c', GOOD)], false],
  ['an arm and an equal shadow', [arm('a', GOOD), arm('b', GOOD, true)], false],
  ['0.95 against 1.00', [arm('a', GOOD), arm('b', WORSE)], true],
  ['0.95 against 1.00 twice', [arm('a', GOOD), arm('b', WORSE), arm('c', WORSE)], true],
  ['1.00 and a shadow of 0.95', [arm('a', WORSE), arm('b', GOOD, true)], true],
];

const percent = (share) => `${(100 * share).toFixed(1)} %`;

console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`);
console.log(
  `${experiments} experiments each, ${days} days, ${outcomesPerDay} outcomes a day, seed ${seed}\n`,
);
for (const [i, [name, arms, differs]] of scenarios.entries()) {
  const runs = runScenario({ arms, days, outcomesPerDay, experiments, seed: seed + i * 1_000_000 });
  const verdict = differs ? 'detected' : 'false alarms';
  const tell = (test, text) => console.log(`  ${test.padEnd(37)}${text}`);
  console.log(name);
  tell('sequential test, daily looks', `${verdict} ${percent(shareDecided(runs))}`);
  if (arms.length === 2) {
    tell('z-test at 5 %, daily looks', `${verdict} ${percent(sharePeeked(runs))}`);
    tell('z-test at 5 %, last day alone', `${verdict} ${percent(shareFixed(runs, days))}`);
  }
  if (differs) describeSpeed(tell, runs, arms);
}
console.log(`\n${measureAssignment()}`);

function describeSpeed(tell, runs, arms) {
  const best = arms.reduce((a, b) => (a.noise < b.noise ? a : b)).id;
  const wrong = runs.filter(({ winner }) => winner && winner.armId !== best).length / runs.length;
  tell('wrong winner', percent(wrong));
  tell(
    'sequential test ends on day',
    `median ${medianDay(runs) ?? `> ${days}`}, mean ${meanDay(runs).toFixed(1)}`,
  );
  if (arms.length > 2) return;
  // The last few of a thousand would decide on the day of a test that must find every one.
  const power = Math.min(shareDecided(runs), 0.99);
  const fixed = fixedDayOfPower(runs, power);
  tell(`z-test of power ${percent(power)} ends on day`, `${fixed}, always`);
  tell('sequential / z-test, mean day', (meanDay(runs) / fixed).toFixed(2));
}

function measureAssignment() {
  const rule = { salt: 'bench', rampPercent: 50, arms: [{ weight: 1 }, { weight: 1 }] };
  const rounds = 500_000;
  const start = performance.now();
  for (let id = 0; id < rounds; id++) assignProduct(rule, id);
  const micros = ((performance.now() - start) * 1000) / rounds;
  return `assignment: ${micros.toFixed(2)} µs a product, ${Math.round(1e6 / micros)} a second`;
}
