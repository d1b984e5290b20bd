/**
 * How fast a loaded text model answers inside a process, one product after the other, beside scikit-learn's
 * `predict_proba` asked one by one; and whether its memory stays within bounds however many different words come.
 *
 *   pnpm bench:text-serving --input-dir DIR [--seed 42] [--min-class-rows 5] [--no-peer]
 *
 * DIR is a created data set or a catalogue in the challenge layout; both sides are trained on it first.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runMeasured } from './children.mjs';
import { machineLine } from './machine.mjs';
import { SCIKIT_LEARN, pythonWith } from './python-venv.mjs';
import { writeSplit } from './text/split.mjs';

const { values: options } = parseArgs({
  options: {
    'input-dir': { type: 'string' },
    seed: { type: 'string', default: '42' },
    'min-class-rows': { type: 'string', default: '5' },
    'no-peer': { type: 'boolean', default: false },
  },
});
if (!options['input-dir']) {
  console.error(
    'usage: pnpm bench:text-serving --input-dir DIR (a created data set, or a catalogue with X.csv and y.csv)',
  );
  process.exit(2);
}
const inputDir = resolve(process.env.INIT_CWD ?? '.', options['input-dir']);
const python = options['no-peer'] ? null : await pythonWith(...SCIKIT_LEARN);

console.log(`\n${machineLine()}\n`);
const dir = await mkdtemp(join(tmpdir(), 'vitrine-bench-serving-'));
try {
  const split = await writeSplit(inputDir, dir, {
    seed: Number(options.seed),
    minClassRows: Number(options['min-class-rows']),
  });
  console.log(`trained on ${split.train} products of ${split.classes} categories\n`);
  const ours = await train(process.execPath, 'ours.mjs', [options.seed]);
  const peer = python && (await train(python, 'peer.py', [options.seed, '1']));
  for (const [name, { p50, p99 }] of Object.entries(ours.timings)) {
    const other = peer?.timings[name];
    const beside = other
      ? `  scikit-learn p50 ${other.p50.toFixed(0)}, p99 ${other.p99.toFixed(0)}: ${(other.p50 / p50).toFixed(0)} times`
      : '';
    console.log(`${name.padEnd(20)} µs  p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(0)}${beside}`);
  }
  console.log(`loading              ms  ${line('loadMs')}`);
  console.log(`peak memory          MB  ${line('peakMb')}`);
  console.log(
    `package              MB  ${ours.packageMb.toFixed(1)}${peer ? `  scikit-learn ${peer.packageMb.toFixed(1)}` : ''}`,
  );
  const growth = await runMeasured(process.execPath, ['--expose-gc', file('ours.mjs'), 'flood', dir]);
  console.log(
    `heap                 MB  ${growth.heapMbBefore.toFixed(1)} after ${growth.firstWords} different words, ` +
      `${growth.heapMbAfter.toFixed(1)} after ${growth.words}`,
  );

  function line(field) {
    return `${ours[field].toFixed(0)}${peer ? `  scikit-learn ${peer[field].toFixed(0)}` : ''}`;
  }
} finally {
  await rm(dir, { recursive: true, force: true });
}

function file(name) {
  return join(import.meta.dirname, 'text', name);
}

async function train(command, script, args) {
  const { packageMb } = await runMeasured(command, [file(script), 'train', dir, ...args]);
  return { packageMb, ...(await runMeasured(command, [file(script), 'predict', dir])) };
}
