import { createHash } from 'node:crypto';
import damerauLevenshtein from 'damerau-levenshtein';
import { LRUCache } from 'lru-cache';
import { toLookupKey, toUnknownLabel } from './normalise-name.js';
import type { VegetableForms } from './vegetables.data.js';

/** Names whose answer is remembered: looking an unknown one up compares it with every form of like length. */
const REMEMBERED_NAMES = 20_000;

/** What a raw name stands for. */
export interface NameMatch {
  /** The clean English singular; an unknown name's own words where `isKnown` is false. */
  vegetable: string;
  isKnown: boolean;
}

/**
 * Edits (insertion, deletion, substitution, swap of neighbours) by which a spelling may differ from a known form, by
 * the letters of the shorter of the two: none up to 3, where another word is one letter away, then one more for each 4.
 */
export const allowedEdits = (letters: number): number => Math.min(3, Math.floor(letters / 4));

/** Finds the vegetable that a name in any of the known languages and spellings stands for; never guesses. */
export class NameMatcher {
  /** Changes whenever a name may be matched otherwise than before. */
  readonly fingerprint: string;
  private readonly forms = new Map<string, string>();
  private readonly formsByLength = new Map<number, [form: string, vegetable: string][]>();
  private readonly remembered = new LRUCache<string, NameMatch>({ max: REMEMBERED_NAMES });

  /** @throws Error where a form stands for two vegetables */
  constructor(dictionary: readonly VegetableForms[]) {
    for (const [name, ...languages] of dictionary) {
      for (const form of [name, ...languages.flatMap((forms) => forms.split('|'))]) this.addForm(form, name);
    }
    const content = JSON.stringify([...this.forms].sort());
    this.fingerprint = createHash('sha256').update(`1:${content}`).digest('hex').slice(0, 16);
  }

  match(rawName: string): NameMatch {
    const remembered = this.remembered.get(rawName);
    if (remembered) return remembered;
    const vegetable = this.findVegetable(toLookupKey(rawName));
    const match = { vegetable: vegetable ?? toUnknownLabel(rawName), isKnown: vegetable !== null };
    this.remembered.set(rawName, match);
    return match;
  }

  /** Whether a name is a form of the dictionary as it is, but for case, accents, spaces and hyphens. */
  hasForm(rawName: string): boolean {
    return this.forms.has(toLookupKey(rawName));
  }

  private addForm(form: string, vegetable: string): void {
    const key = toLookupKey(form);
    const known = this.forms.get(key);
    if (known === vegetable || key === '') return;
    if (known !== undefined) throw new Error(`"${form}" stands for ${known} and for ${vegetable}`);
    this.forms.set(key, vegetable);
    const sameLength = this.formsByLength.get(key.length) ?? [];
    this.formsByLength.set(key.length, [...sameLength, [key, vegetable]]);
  }

  /** The exact form's vegetable, else that of the nearest form within reach; null where two are equally near. */
  private findVegetable(key: string): string | null {
    const exact = this.forms.get(key);
    if (exact !== undefined) return exact;
    let nearest = Infinity;
    let vegetables = new Set<string>();
    for (const [form, vegetable] of this.listFormsWithin(key)) {
      const { steps } = damerauLevenshtein(key, form);
      if (steps > nearest || steps > allowedEdits(Math.min(key.length, form.length))) continue;
      if (steps < nearest) vegetables = new Set();
      nearest = steps;
      vegetables.add(vegetable);
    }
    const [vegetable] = vegetables;
    return vegetables.size === 1 ? vegetable! : null;
  }

  /** Forms whose length alone does not put them out of reach. */
  private *listFormsWithin(key: string): Generator<[string, string]> {
    const reach = allowedEdits(key.length);
    for (let length = key.length - reach; length <= key.length + reach; length++) {
      yield* this.formsByLength.get(length) ?? [];
    }
  }
}
