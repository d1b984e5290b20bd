import 'reflect-metadata';
import { join } from 'node:path';
import { buildApiDocument } from '../api-document.js';
import { createApp } from '../app.factory.js';
import { writeGenerated } from '../common/generated-file.js';
import { buildConfig } from '../config/build-config.js';
import { findRootDir } from '../config/load-config.js';

/** Writes `backend/openapi.json`, or with `--check` fails where it is out of date; neither needs a database. */
async function main(): Promise<void> {
  const rootDir = findRootDir();
  // The defaults alone: the document must not depend on whose machine makes it. Nothing connects to this address.
  const config = buildConfig({ LOG_LEVEL: 'error', DATABASE_URL: 'postgres://localhost/none' }, rootDir);
  const app = await createApp({ config, connect: false });
  const document = await buildApiDocument(app, config);
  const file = join(rootDir, 'backend', 'openapi.json');
  writeGenerated(file, `${JSON.stringify(document, null, 2)}\n`, process.argv.includes('--check'));
}

await main();
// Providers that were built but never started may hold timers.
process.exit();
