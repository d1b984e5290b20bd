import { hashWord, hashWordPair, mix } from '../text/ngram-hash.js';
import type { ListingFields } from './listing-columns.js';
import { readCode, readNumber, readText, type TabularRow } from './tabular-row.js';

/** The blocks of terms of a listing, each weighed and scaled by itself. */
export const LISTING_BLOCKS = ['words', 'characters', 'facts'] as const;
export type ListingBlock = (typeof LISTING_BLOCKS)[number];

/** Told of every occurrence of a term by the term's 32-bit hash. */
export type EmitTerm = (block: ListingBlock, hash: number) => void;

/** Characters of a text whose n-grams are counted: habits show early, and a page of text costs its time. */
const MAX_CHARACTERS = 3_000;
const MIN_GRAM = 2;
const MAX_GRAM = 4;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const WORD = /[\p{L}\p{N}_]{2,}/gu;
/** Steps of a price's logarithm that count as alike. */
const PRICE_STEPS = 2;

/**
 * Counts the terms of a listing: words and pairs of words in lower case, character 2–4-grams as they are written, each
 * text field with its own vocabulary; and its other values as terms: photo size, number of photos, category, colour,
 * price range, and which fields are missing.
 */
export function eachListingTerm(row: TabularRow, fields: ListingFields, emit: EmitTerm): void {
  for (const [salt, field] of [fields.title, fields.description].entries()) {
    const text = readText(row, field);
    if (text === null) continue;
    emitWords(text, salt + 1, emit);
    emitCharacters(text, salt + 1, emit);
  }
  for (const fact of factsOf(row, fields)) emit('facts', hashWord(fact));
}

function emitWords(text: string, salt: number, emit: EmitTerm): void {
  let previous = 0;
  for (const word of text.toLowerCase().match(WORD) ?? []) {
    const hash = hashWordPair(salt, hashWord(word));
    emit('words', hash);
    if (previous !== 0) emit('words', hashWordPair(previous, hash));
    previous = hash;
  }
}

function emitCharacters(text: string, salt: number, emit: EmitTerm): void {
  const length = Math.min(text.length, MAX_CHARACTERS);
  for (let start = 0; start <= length - MIN_GRAM; start++) {
    let hash = Math.imul(FNV_OFFSET ^ salt, FNV_PRIME);
    const end = Math.min(length, start + MAX_GRAM);
    for (let i = start; i < end; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
      if (i - start + 1 >= MIN_GRAM) emit('characters', mix(hash));
    }
  }
}

function factsOf(row: TabularRow, fields: ListingFields): string[] {
  const height = readNumber(row, fields.height);
  const width = readNumber(row, fields.width);
  const photos = readNumber(row, fields.photos);
  const price = readNumber(row, fields.price);
  const facts = [`photos ${photos}`, `category ${readCode(row, fields.category)}`];
  facts.push(`colour ${readCode(row, fields.colour)}`, `size ${width}×${height}`);
  facts.push(`width ${width}`, `height ${height}`);
  facts.push(`price ${Math.floor(PRICE_STEPS * Math.log(Math.max(price, 0.01)))}`);
  for (const [key, field] of Object.entries(fields)) {
    if (readText(row, field as string) === null) facts.push(`no ${key}`);
  }
  return facts;
}

/** Values of a listing whose nearness counts: logarithms of price, photo size, number of photos and text lengths. */
export function listingMeasures(row: TabularRow, fields: ListingFields, out: Float32Array): void {
  const log = (value: number) => (value > 0 ? Math.log(value) : NaN);
  out[0] = log(readNumber(row, fields.price));
  out[1] = log(readNumber(row, fields.height));
  out[2] = log(readNumber(row, fields.width));
  out[3] = log(readNumber(row, fields.photos));
  out[4] = Math.log1p(readText(row, fields.title)?.length ?? 0);
  out[5] = Math.log1p(readText(row, fields.description)?.length ?? 0);
}

/** Values that `listingMeasures` writes. */
export const LISTING_MEASURES = 6;
