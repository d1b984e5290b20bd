/**
 * What of a name matters when it is looked up: letters and digits alone, without accents or case, ligatures apart.
 * `"Chou-Fleur"`, `"chou fleur"` and `"CHOUFLEUR"` are one.
 */
export function toLookupKey(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** How a name that nobody knows is called: its own words in lower case, so that neither case nor spaces make a second one. */
export function toUnknownLabel(name: string): string {
  return name.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim();
}
