import { StoreError, type ModelStore, type ModelVersion } from './store.js';

/** What a model URI names. */
export type ModelUri =
  | { kind: 'version'; name: string; version: number }
  | { kind: 'alias'; name: string; alias: string }
  | { kind: 'run'; runId: string; artifactPath: string }
  | { kind: 'path'; path: string };

/** Stages of older MLflow servers, accepted in URIs and mapped to the aliases of the same name. */
const STAGES = new Map([
  ['staging', 'staging'],
  ['production', 'production'],
]);

/**
 * Reads `models:/NAME/VERSION`, `models:/NAME@ALIAS`, `models:/NAME/Staging|Production`, `runs:/ID/path`; anything
 * without a scheme is a folder.
 *
 * @throws StoreError `INVALID_PARAMETER_VALUE` where it is none of these
 */
export function parseModelUri(uri: string): ModelUri {
  const run = /^runs:\/([^/]+)\/(.+)$/.exec(uri);
  if (run) return { kind: 'run', runId: run[1] as string, artifactPath: run[2] as string };
  const alias = /^models:\/([^/@:]+)@([^/@]+)$/.exec(uri);
  if (alias) return { kind: 'alias', name: alias[1] as string, alias: alias[2] as string };
  const model = /^models:\/([^/@:]+)\/([^/@]+)$/.exec(uri);
  if (model) return parseVersionOrStage(uri, model[1] as string, model[2] as string);
  if (/^[a-z][a-z0-9+.-]+:\//i.test(uri) || uri === '') throw invalid(uri);
  return { kind: 'path', path: uri };
}

function parseVersionOrStage(uri: string, name: string, last: string): ModelUri {
  if (/^[1-9]\d*$/.test(last)) return { kind: 'version', name, version: Number(last) };
  const alias = STAGES.get(last.toLowerCase());
  if (alias === undefined) throw invalid(uri);
  return { kind: 'alias', name, alias };
}

function invalid(uri: string): StoreError {
  return new StoreError(
    'INVALID_PARAMETER_VALUE',
    `${JSON.stringify(uri)} is not a model URI: models:/NAME/VERSION, models:/NAME@ALIAS, ` +
      'models:/NAME/Staging|Production, runs:/ID/model or a folder',
  );
}

/**
 * The registered version that a `models:/` URI means now.
 *
 * @throws StoreError `RESOURCE_DOES_NOT_EXIST` where there is none
 */
export async function resolveVersion(
  store: ModelStore,
  uri: Extract<ModelUri, { kind: 'version' | 'alias' }>,
): Promise<ModelVersion> {
  if (uri.kind === 'version') return store.getVersion(uri.name, uri.version);
  const version = await store.findVersionByAlias(uri.name, uri.alias);
  if (!version) {
    throw new StoreError('RESOURCE_DOES_NOT_EXIST', `The model ${uri.name} has no alias ${uri.alias}`);
  }
  return version;
}
