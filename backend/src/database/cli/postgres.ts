import 'reflect-metadata';
import { loadConfig } from '../../config/load-config.js';
import { PostgresServer } from '../postgres-server/postgres-server.js';

const usage = `Usage: node postgres.js start|stop|status|url

The Postgres that the backend uses where DATABASE_URL is empty, as a background server:
  start   starts it unless it runs, and prints its address
  stop    stops it
  status  says whether it runs; the exit code is 3 where it does not
  url     prints its address; the exit code is 3 where it does not run`;

/** Exit code of what does not run, as pg_ctl has it. */
const NOT_RUNNING = 3;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(command: string | undefined): Promise<number> {
  if (!['start', 'stop', 'status', 'url'].includes(command ?? '')) {
    process.stderr.write(`${usage}\n`);
    return command === '--help' ? 0 : 2;
  }
  const config = loadConfig();
  if (config.database.url !== null) {
    print(
      command === 'url' || command === 'start'
        ? config.database.url
        : 'DATABASE_URL is set: that server is not ours',
    );
    return 0;
  }
  const server = await PostgresServer.open({ dir: config.database.embeddedDir });
  switch (command) {
    case 'start':
      print((await server.start()).url);
      return 0;
    case 'stop':
      await server.stop();
      return 0;
    default: {
      const url = await server.findUrl();
      print(command === 'url' ? (url ?? '') : url ? 'running' : 'not running');
      return url ? 0 : NOT_RUNNING;
    }
  }
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
