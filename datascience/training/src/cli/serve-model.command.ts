import { once } from 'node:events';
import { loadAnyPredictor } from '@vitrine/inference';
import { Command } from 'commander';
import { resolveAnyModel } from '../runs/resolve-model.js';
import { ImageFolder } from '../serving/image-folder.js';
import { MAX_IMAGE_BYTES } from '../serving/record-input.js';
import { buildScoringServer } from '../serving/scoring-server.js';
import { integerAtLeast } from './arguments.js';
import { openSession } from './session.js';

interface ServeFlags {
  modelUri: string;
  host: string;
  port: number;
  imageRoot?: string;
  maxRecords: number;
  maxBodyMb: number;
}

/** The command `serve-model`. */
export function serveModelCommand(): Command {
  return new Command('serve-model')
    .description("Serve one model over MLflow's scoring protocol")
    .requiredOption(
      '--model-uri <uri>',
      'models:/NAME/VERSION, models:/NAME@ALIAS, runs:/ID/model or a folder',
    )
    .option('--port <n>', 'port; 0 takes a free one', integerAtLeast(0), 5002)
    .option('--host <address>', 'address to listen on; 0.0.0.0 for all', '127.0.0.1')
    .option('--image-root <dir>', 'the folder that photos may be read from by path (default: none)')
    .option('--max-records <n>', 'records in one request at most', integerAtLeast(1), 1000)
    .option('--max-body-mb <n>', 'megabytes in one request at most', integerAtLeast(1), 64)
    .action(serveModel);
}

async function serveModel(flags: ServeFlags): Promise<void> {
  const { store, environment, progress, signal } = openSession({ onStop: 'stopping' });
  const folder =
    flags.imageRoot === undefined ? null : await ImageFolder.open(flags.imageRoot, MAX_IMAGE_BYTES);
  const pkg = await resolveAnyModel(store, flags.modelUri, environment.cacheDir);
  const predictor = await loadAnyPredictor(pkg);
  const app = buildScoringServer({
    predictor,
    folder,
    maxBodyBytes: flags.maxBodyMb * 2 ** 20,
    maxRecords: flags.maxRecords,
    onError: (error) => progress.warn(error.stack ?? error.message),
  });
  try {
    const address = await app.listen({ host: flags.host, port: flags.port });
    const { modality, categories } = predictor.manifest;
    process.stdout.write(
      `${flags.modelUri} (${modality}, ${categories.length} categories) on ${address}/invocations\n`,
    );
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await app.close(); // what was begun is answered
    await predictor.dispose();
  }
}
