import { createHash } from 'node:crypto';

/** Tags that a synchronisation keeps at the target. They are not copied any further. */
const PREFIX = 'vitrine.sync.';

/** Of a run: the source's run id. */
export const SOURCE_RUN = `${PREFIX}source_run`;
/** Of a version: the source's run id and version. */
export const SOURCE_VERSION = `${PREFIX}source_version`;
/** Of a run, a model or a version: a hash of what the source was when it was copied as a whole. */
export const FINGERPRINT = `${PREFIX}fingerprint`;

/** Of a model: the source's version that an alias pointed at when it was copied; empty where it was deleted. */
export function aliasTag(alias: string): string {
  return `${PREFIX}alias.${alias}`;
}

/** Tags without those of an earlier synchronisation. */
export function ownTags(tags: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith(PREFIX)));
}

/** A hash of plain values; the order of an object's keys does not matter. */
export function fingerprintOf(value: unknown): string {
  const canonical = JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'number' && !Number.isFinite(part)) return String(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return createHash('sha256').update(canonical).digest('hex');
}
