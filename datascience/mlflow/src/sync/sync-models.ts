import { parseModelUri } from '../model-uri.js';
import type { ModelStore, ModelVersion, RegisteredModel } from '../store.js';
import { aliasTag, fingerprintOf, FINGERPRINT, ownTags, SOURCE_VERSION } from './sync-tags.js';

/** What happened to one registered model. */
export interface ModelCounts {
  versions: { copied: number; unchanged: number };
  aliases: { moved: number; unchanged: number; kept: number };
  skipped: string[];
}

/**
 * Copies a registered model's versions, tags and aliases.
 *
 * @param runIds ids of the target's runs by those of the source
 */
export async function syncModel(
  from: ModelStore,
  to: ModelStore,
  model: RegisteredModel,
  runIds: ReadonlyMap<string, string>,
): Promise<ModelCounts> {
  const counts: ModelCounts = {
    versions: { copied: 0, unchanged: 0 },
    aliases: { moved: 0, unchanged: 0, kept: 0 },
    skipped: [],
  };
  const known = new Map(
    (await to.listVersions(model.name)).map((version) => [version.tags[SOURCE_VERSION], version]),
  );
  /** The target's version numbers by the source's. */
  const numbers = new Map<number, number>();
  const versions = (await from.listVersions(model.name)).sort((a, b) => a.version - b.version);
  for (const version of versions) {
    const found = known.get(identityOf(version));
    const copied = found
      ? await updateTags(to, version, found)
      : await copyVersion(to, version, runIds, counts);
    if (copied === null) continue;
    counts.versions[copied.isNew ? 'copied' : 'unchanged']++;
    numbers.set(version.version, copied.version);
  }
  const target = await to.findModel(model.name);
  if (!target) return counts;
  await updateModelTags(to, model, target);
  for (const alias of new Set([...Object.keys(model.aliases), ...rememberedAliases(target)])) {
    counts.aliases[await syncAlias(to, { alias, versions, source: model, target, numbers })]++;
  }
  return counts;
}

/** Which version of the source this is; numbers alone mean nothing elsewhere. */
function identityOf({ runId, version }: ModelVersion): string {
  return `${runId ?? ''}/${version}`;
}

async function copyVersion(
  to: ModelStore,
  version: ModelVersion,
  runIds: ReadonlyMap<string, string>,
  counts: ModelCounts,
): Promise<{ version: number; isNew: boolean } | null> {
  const { name, description } = version;
  const uri = /^runs:/.test(version.source) ? parseModelUri(version.source) : null;
  const runId = version.runId === null ? undefined : runIds.get(version.runId);
  if (uri?.kind !== 'run' || runId === undefined) {
    counts.skipped.push(`${name} version ${version.version}: its files are of no run of the source`);
    return null;
  }
  // Tags come with the version: it is never there without what tells that it is.
  const tags = {
    ...ownTags(version.tags),
    [SOURCE_VERSION]: identityOf(version),
    [FINGERPRINT]: fingerprintOf(ownTags(version.tags)),
  };
  const input = { name, runId, artifactPath: uri.artifactPath, tags, description };
  return { version: (await to.createVersion(input)).version, isNew: true };
}

async function updateTags(
  to: ModelStore,
  version: ModelVersion,
  found: ModelVersion,
): Promise<{ version: number; isNew: boolean }> {
  const tags = ownTags(version.tags);
  const fingerprint = fingerprintOf(tags);
  if (found.tags[FINGERPRINT] !== fingerprint) {
    await to.setVersionTags(version.name, found.version, tags);
    await to.setVersionTags(version.name, found.version, { [FINGERPRINT]: fingerprint });
  }
  return { version: found.version, isNew: false };
}

async function updateModelTags(
  to: ModelStore,
  model: RegisteredModel,
  target: RegisteredModel,
): Promise<void> {
  const tags = ownTags(model.tags);
  const fingerprint = fingerprintOf(tags);
  if (Object.keys(tags).length === 0 || target.tags[FINGERPRINT] === fingerprint) return;
  await to.setModelTags(model.name, tags);
  await to.setModelTags(model.name, { [FINGERPRINT]: fingerprint });
}

function rememberedAliases(target: RegisteredModel): string[] {
  const prefix = aliasTag('');
  return Object.keys(target.tags)
    .filter((key) => key.startsWith(prefix) && target.tags[key] !== '')
    .map((key) => key.slice(prefix.length));
}

/** Moves an alias where the source moved it since the last time; else it stays where the target has it. */
async function syncAlias(
  to: ModelStore,
  input: {
    alias: string;
    versions: readonly ModelVersion[];
    source: RegisteredModel;
    target: RegisteredModel;
    numbers: ReadonlyMap<number, number>;
  },
): Promise<'moved' | 'unchanged' | 'kept'> {
  const { alias, versions, source, target, numbers } = input;
  const tag = aliasTag(alias);
  const version = versions.find((one) => one.version === source.aliases[alias]);
  const identity = version ? identityOf(version) : '';
  const remembered = versions.find((one) => identityOf(one) === target.tags[tag]);
  const wanted = version && numbers.get(version.version);
  const current = target.aliases[alias];
  if (target.tags[tag] === identity) return current === wanted ? 'unchanged' : 'kept';
  if (version && wanted === undefined) return 'kept'; // its version could not be copied
  if (wanted === undefined && current !== (remembered && numbers.get(remembered.version))) return 'kept';
  if (wanted === undefined) await to.deleteAlias(target.name, alias);
  else if (wanted !== current) await to.setAlias(target.name, alias, wanted);
  await to.setModelTags(target.name, { [tag]: identity });
  return wanted === current ? 'unchanged' : 'moved';
}
