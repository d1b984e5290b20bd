// A full load of customers and store sales, from files to features, beside plain batched INSERTs of the same files.
// `pnpm bench:customers-load [--customers 150000] [--months 120] [--dir FOLDER]`
import { once } from 'node:events';
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './processes.mjs';
import { describeMachine } from './sales/sales-server.mjs';
import { openDatabase } from './surroundings.mjs';

const { values: options } = parseArgs({
  options: {
    customers: { type: 'string', default: '150000' },
    months: { type: 'string', default: '120' },
    dir: { type: 'string' },
  },
});
const root = join(import.meta.dirname, '..', '..');
const scratch = await mkdtemp(join(tmpdir(), 'vitrine-bench-customers-'));
const dir = options.dir ?? join(scratch, 'files');
console.log(describeMachine());
if (!options.dir) await writeFiles();
const database = await openDatabase(scratch);
try {
  const steps = await measure('steps');
  const again = await measure('steps');
  const naive = await measure('inserts');
  report('steps: stage with COPY, check, publish, derive', steps);
  report('the same again: nothing has changed', again);
  report('whole file in memory, INSERTs of 1,000 rows', naive);
  console.log(
    `client files and ${options.months} months, load and publish only: ` +
      `${ratio(naive.loadSeconds, steps.loadSeconds)} of the time of plain INSERTs, without their checks; ` +
      `peak memory ${ratio(naive.peakMb, steps.peakMb)}`,
  );
} finally {
  await database.close();
  await rm(scratch, { recursive: true, force: true });
}

async function writeFiles() {
  const { customers, months } = options;
  const vitrine = join(root, 'datascience', 'training', 'dist', 'main.js');
  const size = ['--customers', customers, '--months', months];
  await run(process.execPath, [vitrine, 'demo-customers', '--output-dir', dir, ...size]);
}

/** Each in a process of its own, so that their memory is told apart. */
async function measure(kind) {
  const child = fork(join(import.meta.dirname, 'customers', 'load-worker.mjs'), {
    env: { ...process.env, DATABASE_URL: database.url },
  });
  child.send({ kind, dir, months: Number(options.months) });
  const [result] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the load ended with ${code}`);
    }),
  ]);
  child.kill();
  return result;
}

function report(title, { parts, rows, seconds, peakMb }) {
  console.log(`\n${title}`);
  for (const [name, part] of Object.entries(parts)) {
    const rate = part.rows > 0 ? `${Math.round(part.rows / part.seconds)} rows/s` : '';
    console.log(
      `  ${name.padEnd(28)} ${part.seconds.toFixed(2).padStart(7)} s  ${String(part.rows).padStart(8)} rows  ${rate}`,
    );
  }
  console.log(
    `  total ${seconds.toFixed(1)} s, ${rows} source rows, ${Math.round(rows / seconds)} rows/s, peak memory ${peakMb.toFixed(0)} MB`,
  );
}

function ratio(a, b) {
  return `${(b / a).toFixed(2)}×`;
}
