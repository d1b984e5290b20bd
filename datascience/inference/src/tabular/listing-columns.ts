import type { ProcessorSpec } from '../package/manifest.js';
import { requireConfig } from './config-checks.js';
import type { TabularColumns } from './tabular-columns.js';
import { readNumber, readText, type TabularRow } from './tabular-row.js';
import { TEXT_STYLE_NAMES, writeTextStyle } from './text-style.js';

/** `kind` and `version` of the processor in a model package; it has no files. */
export const LISTING_COLUMNS_KIND = 'listing-columns';
export const LISTING_COLUMNS_VERSION = 1;

/** Which field of a listing holds what. */
export interface ListingFields {
  title: string;
  description: string;
  price: string;
  year: string;
  colour: string;
  category: string;
  /** Number of photos. */
  photos: string;
  /** Height and width of the photos in pixels. */
  height: string;
  width: string;
}

const FIELD_KEYS: readonly (keyof ListingFields)[] = [
  'title',
  'description',
  'price',
  'year',
  'colour',
  'category',
  'photos',
  'height',
  'width',
];

const NUMBER_NAMES = [
  'logPrice',
  'priceCents',
  'priceModulo5',
  'priceModulo10',
  'yearModulo10',
  'missingFields',
  'photoArea',
  'photoAspect',
  'photoShorter',
  'photoLonger',
  'photoHeightModulo8',
  'photoHeightModulo100',
  'pricePerPhoto',
];
const EXTRACTED: Readonly<Record<string, RegExp>> = {
  centimetres: /(\d{1,6}(?:[.,]\d{1,3})?)\s?cm\b/i,
  size: /\b(?:taille|t)\s?\.?:?\s?(\d{1,3})\b/i,
  pages: /(\d{1,4})\s?(?:pages?|p\.)/i,
  yearInText: /\b(1[89]\d\d|20[0-2]\d)\b/,
};
const IS_BOOK = /\b(?:isbn|ean|97[89]\d{7,10})\b/i;

/** Numbers, photo shape, price forms, text styles and what texts state of a listing, as columns. */
export class ListingColumns implements TabularColumns {
  readonly names: readonly string[];

  constructor(private readonly fields: ListingFields) {
    const { title, description, price, year, photos, height, width } = fields;
    this.names = [
      ...[price, year, photos, height, width],
      ...NUMBER_NAMES,
      ...TEXT_STYLE_NAMES.map((name) => `${title}.${name}`),
      ...TEXT_STYLE_NAMES.map((name) => `${description}.${name}`),
      'titleInDescription',
      'isbn',
      ...Object.keys(EXTRACTED),
    ];
  }

  write(row: TabularRow, out: Float32Array, offset: number): void {
    const { fields } = this;
    const title = readText(row, fields.title);
    const description = readText(row, fields.description);
    let next = this.writeNumbers(row, out, offset);
    for (const text of [title, description]) {
      writeTextStyle(text, out, next);
      next += TEXT_STYLE_NAMES.length;
    }
    out[next++] = shareOfWords(title, description);
    const text = `${title ?? ''}\n${description ?? ''}`;
    out[next++] = IS_BOOK.test(text) ? 1 : 0;
    for (const pattern of Object.values(EXTRACTED)) {
      const value = pattern.exec(text)?.[1];
      out[next++] = value === undefined ? NaN : Number(value.replace(',', '.'));
    }
  }

  private writeNumbers(row: TabularRow, out: Float32Array, offset: number): number {
    const { fields } = this;
    const price = readNumber(row, fields.price);
    const year = readNumber(row, fields.year);
    const photos = readNumber(row, fields.photos);
    const height = readNumber(row, fields.height);
    const width = readNumber(row, fields.width);
    const missing = FIELD_KEYS.filter((key) => readText(row, fields[key]) === null).length;
    const values = [
      ...[price, year, photos, height, width],
      Math.log(Math.max(price, 0.01)),
      (price * 100) % 100,
      price % 5,
      price % 10,
      year % 10,
      missing,
      height * width,
      height / width,
      Math.min(height, width),
      Math.max(height, width),
      height % 8,
      height % 100,
      price / photos,
    ];
    for (const [i, value] of values.entries())
      out[offset + i] = Number.isFinite(Math.fround(value)) ? value : NaN;
    return offset + values.length;
  }
}

/**
 * Reads the processor from its spec.
 *
 * @throws PackageError `manifest-invalid`
 */
export function readListingColumns(spec: ProcessorSpec): ListingColumns {
  return new ListingColumns(readListingFields(spec));
}

/**
 * Reads the names of a listing's fields from a config.
 *
 * @throws PackageError `manifest-invalid` where one is missing
 */
export function readListingFields(spec: ProcessorSpec): ListingFields {
  const { fields } = spec.config as { fields?: Partial<ListingFields> };
  for (const key of FIELD_KEYS) {
    requireConfig(spec, typeof fields?.[key] === 'string', `"fields.${key}" must name a field`);
  }
  return fields as ListingFields;
}

const WORD = /[\p{L}\p{N}]{3,}/gu;

/** Share of the title's words that the description repeats; missing where there is none. */
function shareOfWords(title: string | null, description: string | null): number {
  const words = title?.toLowerCase().match(WORD);
  if (!words || description === null) return NaN;
  const known = new Set(description.toLowerCase().match(WORD));
  return words.filter((word) => known.has(word)).length / words.length;
}
