import type { Random } from '../../common/random.js';

/** Lists that phrases draw from by name: `{@colours}`. */
export type WordLists = Readonly<Record<string, readonly string[]>>;

/** The phrases of a block of text, one a line or set apart by `;`. */
export function phrases(block: string): string[] {
  return block
    .split(/[;\n]/)
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');
}

/**
 * Fills the slots of a phrase at random. `{a|b|}` is one of its parts (an empty one too); a part `@list` is an item
 * of that list, which may have slots of its own; a part `2-8` is an integer of that range.
 */
export function expandPhrase(phrase: string, lists: WordLists, random: Random): string {
  const filled = phrase.replace(/\{([^{}]*)\}/g, (_slot, body: string) => {
    const part = random.pick(body.split('|'));
    const range = /^(\d+)-(\d+)$/.exec(part);
    if (range) return String(Number(range[1]) + random.integer(Number(range[2]) - Number(range[1]) + 1));
    if (!part.startsWith('@')) return part;
    const list = lists[part.slice(1)];
    if (!list) throw new Error(`No list is called ${part}`);
    return expandPhrase(random.pick(list), lists, random);
  });
  return filled.replace(/\s+/g, ' ').trim();
}
