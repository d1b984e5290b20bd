/** What stands in a stored text for a character that the database cannot hold. */
const REPLACEMENT = '\uFFFD';

/**
 * A text as PostgreSQL can hold it (UTF-8 without NUL): NUL and lone surrogates become U+FFFD, everything else stays.
 */
export function toStorableText(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', REPLACEMENT) : wellFormed;
}
