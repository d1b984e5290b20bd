import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, startApi } from './surroundings.mjs';

/** The compiled API with an empty catalogue, beside a Postgres of its own (or that of `DATABASE_URL`) with its normal durability. */
export async function startCatalogServer({ registryDir, env = {} } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'vitrine-catalog-bench-'));
  const database = await openDatabase(dir);
  const { origin, token, pid, stop } = await startApi({
    dir,
    database,
    env: {
      LOG_LEVEL: 'error',
      REGISTRY_DIR: registryDir ?? join(dir, 'registry'),
      TIME_TO_SELL_TRAIN_AT_FIRST_START: 'false',
      REQUEST_TIMEOUT_MS: '3600000',
      ...env,
    },
  });
  const headers = { authorization: `Bearer ${token}` };
  return {
    origin,
    headers,
    query: database.query,
    /** Sends a file of products and answers the report. */
    importProducts: async (body) => {
      const response = await fetch(`${origin}/api/v1/products/import`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'text/csv' },
        body,
        duplex: 'half',
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return response.json();
    },
    /** Most memory that the API ever held, in MiB; null where the system does not tell. */
    peakMemory: () => readPeak(pid),
    /** Processor seconds that the API has used; NaN where the system does not tell. */
    cpuSeconds: () => readCpu(pid),
    close: async () => {
      await stop();
      await database.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function readPeak(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(status) ?? [];
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
}

/** Linux counts the 14th and 15th fields in hundredths of a second (proc_pid_stat(5)). */
async function readCpu(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, , , , , , , , , , , , user, system] = [null, ...stat.slice(stat.lastIndexOf(')') + 2).split(' ')];
  return (Number(user) + Number(system)) / 100;
}
