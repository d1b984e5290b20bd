/**
 * How a text is written, whatever it says: sellers have habits, and habits tell how listings fare. Each count is over
 * the raw text, with its HTML, case and white space.
 */
const COUNTS: Readonly<Record<string, RegExp>> = {
  lines: /\n/g,
  blankLines: /\n\s*\n/g,
  doubleSpaces: / {2}/g,
  tags: /<[a-z/][^<>]{0,200}>/gi,
  breaks: /<br/gi,
  emphasis: /<(?:strong|b|em|u)\b/gi,
  entities: /&[a-z#0-9]{2,8};/gi,
  digits: /\p{Nd}/gu,
  numbers: /\p{Nd}+/gu,
  capitals: /\p{Lu}/gu,
  shouted: /(?<![\p{L}])\p{Lu}{3,}(?![\p{L}])/gu,
  exclamations: /!/g,
  questions: /\?/g,
  commas: /,/g,
  stops: /\./g,
  ellipses: /\.{2,}|…/g,
  colons: /:/g,
  semicolons: /;/g,
  dashes: /(?:^|\s)[-–—•*]\s?/g,
  brackets: /[()[\]]/g,
  quotes: /["«»“”]/g,
  slashes: /\//g,
  spacedMarks: /\s[,.]/g,
  tightMarks: /[,.;:!?](?=\p{L})/gu,
  foreign: /[^\t\n\r -~\u00A0-\u024F\u2010-\u203A€]/gu,
  lengths: /\d\s?(?:cm|mm|m)\b/gi,
  weights: /\d\s?(?:kg|g|gr|grammes?)\b/gi,
};
const NAMES = Object.keys(COUNTS);
const PATTERNS = Object.values(COUNTS);

const WORD = /[\p{L}\p{N}]+/gu;

/** Names of the columns, in the order of `writeTextStyle`. */
export const TEXT_STYLE_NAMES: readonly string[] = [
  'characters',
  'words',
  'distinctWords',
  'wordLength',
  'longestLine',
  'capitalShare',
  'digitShare',
  'startsLower',
  'endsWithMark',
  'endsWithSpace',
  ...NAMES,
];

/**
 * Writes the style of a text; a missing text is missing in every column.
 *
 * @param out gets `TEXT_STYLE_NAMES.length` values from `offset` on
 */
export function writeTextStyle(text: string | null, out: Float32Array, offset: number): void {
  if (text === null) {
    out.fill(NaN, offset, offset + TEXT_STYLE_NAMES.length);
    return;
  }
  const words = text.toLowerCase().match(WORD) ?? [];
  const counts = PATTERNS.map((pattern) => text.match(pattern)?.length ?? 0);
  const count = (name: string) => counts[NAMES.indexOf(name)] as number;
  const length = Math.max(text.length, 1);
  out[offset] = text.length;
  out[offset + 1] = words.length;
  out[offset + 2] = words.length === 0 ? NaN : new Set(words).size / words.length;
  out[offset + 3] =
    words.length === 0 ? NaN : words.reduce((sum, word) => sum + word.length, 0) / words.length;
  out[offset + 4] = text.split('\n').reduce((longest, line) => Math.max(longest, line.length), 0);
  out[offset + 5] = count('capitals') / length;
  out[offset + 6] = count('digits') / length;
  out[offset + 7] = /^\s*\p{Ll}/u.test(text) ? 1 : 0;
  out[offset + 8] = /[.!?…]\s*$/u.test(text) ? 1 : 0;
  out[offset + 9] = /\s$/.test(text) ? 1 : 0;
  for (let i = 0; i < counts.length; i++) out[offset + 10 + i] = counts[i] as number;
}
