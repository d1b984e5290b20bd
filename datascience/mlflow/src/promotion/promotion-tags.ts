/** Prefix of the tags that carry a version's test metrics, so that a list of versions needs no download. */
export const METRIC_TAG_PREFIX = 'metrics.';

/**
 * Prefix of the tags with which a trainer notes what the version in place scored on the new version's test split:
 * `version`, `weighted_f1`, `log_loss`.
 */
export const REMATCH_TAG_PREFIX = 'rematch.';

/** How an alias came to a version. */
export type PromotionAction = 'promote' | 'rollback';

/** The last move of an alias to a version, as the version's tags keep it. */
export interface PromotionNote {
  /** Identifies the move. */
  id: string;
  action: PromotionAction;
  /** The version that the alias named before; null where it named none. */
  from: number | null;
  /** ISO 8601. */
  at: string;
  /** Who moved it, in whatever words are known. */
  by: string;
  reason: string;
}

/** Tag of a version: the version to go back to from here. */
export const previousTag = (alias: string): string => noteTag(alias, 'previous');

const noteTag = (alias: string, key: string): string => `promotion.${alias}.${key}`;

/** The tags that keep a move. */
export function writePromotionNote(alias: string, note: PromotionNote): Record<string, string> {
  const entries = Object.entries(note) as [string, string | number | null][];
  return Object.fromEntries(entries.map(([key, value]) => [noteTag(alias, key), String(value ?? '')]));
}

/** What a version's tags say of the last move of an alias to it; null where nobody noted one. */
export function readPromotionNote(
  tags: Readonly<Record<string, string>>,
  alias: string,
): PromotionNote | null {
  const read = (key: string) => tags[noteTag(alias, key)] ?? '';
  if (read('id') === '') return null;
  return {
    id: read('id'),
    action: read('action') === 'rollback' ? 'rollback' : 'promote',
    from: Number(read('from')) || null,
    at: read('at'),
    by: read('by'),
    reason: read('reason'),
  };
}
