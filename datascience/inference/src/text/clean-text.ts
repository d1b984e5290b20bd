import { Parser } from 'htmlparser2';

/** Characters of a raw field that are looked at; what comes after them is ignored. */
const MAX_RAW_LENGTH = 100_000;
/** Characters of a cleaned field that are kept: far more than any description needs. */
const MAX_CLEAN_LENGTH = 20_000;

/** Elements whose content is not for reading. */
const UNREADABLE_ELEMENTS = new Set(['script', 'style']);
const IS_ASCII = /^[\0-\x7f]*$/;
const MAY_BE_HTML = /[<&]/;
/** A tag, an end tag, a comment or a declaration that is closed. */
const HAS_TAG = /<[a-z!/?][^<>]*>/i;

/**
 * The one text that a model reads of a product: title and description, each cleaned, joined by a space.
 *
 * @returns '' where both are blank
 */
export function cleanProductText(designation?: string | null, description?: string | null): string {
  const title = designation ? cleanText(designation) : '';
  const body = description ? cleanText(description) : '';
  return title && body ? `${title} ${body}` : title || body;
}

/**
 * Brings a raw text to a plain form: HTML removed, entities decoded, compatibility forms unified (NFKD), combining
 * marks and invisible characters dropped, lower case, every digit `0`. NUL, control characters and lone surrogates
 * count as white space, each run of which becomes one space, none at the ends. Any string is accepted; only the first
 * 100,000 characters are read and at most 20,000 are returned.
 */
export function cleanText(raw: string): string {
  const bounded = raw.length > MAX_RAW_LENGTH ? raw.slice(0, MAX_RAW_LENGTH) : raw;
  const plain = MAY_BE_HTML.test(bounded) ? removeHtml(bounded) : bounded;
  const folded = IS_ASCII.test(plain) ? plain : foldUnicode(plain);
  const clean = folded
    .toLowerCase()
    .replace(/[0-9]/g, '0')
    .replace(/[\s\0-\x1f\x7f]+/g, ' ')
    .trim();
  return clean.length > MAX_CLEAN_LENGTH ? clean.slice(0, MAX_CLEAN_LENGTH) : clean;
}

/** Drops tags (a space stands for each), comments and scripts, and decodes entities once. */
function removeHtml(text: string): string {
  // "taille <XL" is no tag: the parser would take everything after it for one.
  const source = HAS_TAG.test(text) ? text : text.replaceAll('<', ' ');
  const parts: string[] = [];
  let unreadable = 0;
  const parser = new Parser({
    onopentagname: (name) => {
      if (UNREADABLE_ELEMENTS.has(name)) unreadable++;
      parts.push(' ');
    },
    onclosetag: (name) => {
      if (UNREADABLE_ELEMENTS.has(name) && unreadable > 0) unreadable--;
      parts.push(' ');
    },
    ontext: (data) => {
      if (unreadable === 0) parts.push(data);
    },
  });
  parser.end(source);
  return parts.join('');
}

function foldUnicode(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, ' ')
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/\p{Nd}/gu, '0');
}
