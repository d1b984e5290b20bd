import {
  DecisionForests,
  FieldColumns,
  ListingColumns,
  ListingEvidence,
  readNumber,
  readText,
  TargetEncoding,
  type TabularRow,
} from '@vitrine/inference';
import { TARGET_SMOOTHING } from './fit-targets.js';
import type { ListingModel } from './fit-listing-model.js';
import { LISTING_FIELDS, TARGET_KEYS } from './listing-task.js';

/** Values of a field at which dependence is measured: its own quantiles. */
const GRID_POINTS = 12;
/** Listings that are asked about, each with every value. */
const MAX_LISTINGS = 40;

/** Mean probabilities when every listing has a value. */
export interface DependencePoint {
  quantity: string;
  value: number;
  probabilities: number[];
}

/** A quantity of a listing that can be set. */
interface Quantity {
  read(row: TabularRow): number;
  set(row: TabularRow, value: number): TabularRow;
}

const { price, year, photos, height, width, description } = LISTING_FIELDS;

const fieldOf = (field: string): Quantity => ({
  read: (row) => readNumber(row, field),
  set: (row, value) => ({ ...row, [field]: value }),
});

/** What is varied, by its name in the report. */
export const QUANTITIES: Readonly<Record<string, Quantity>> = {
  price: fieldOf(price),
  year: fieldOf(year),
  photos: fieldOf(photos),
  'photo side (pixels, square)': {
    read: (row) => Math.sqrt(readNumber(row, height) * readNumber(row, width)),
    set: (row, value) => ({ ...row, [height]: value, [width]: value }),
  },
  'characters of the description': {
    read: (row) => readText(row, description)?.length ?? NaN,
    set: (row, value) => ({ ...row, [description]: fitLength(readText(row, description) ?? '', value) }),
  },
};

/**
 * Partial dependence (Friedman 2001) on fields: listings are changed as a seller would change them, and every processor
 * reads them anew, so that a price also counts through its forms, its neighbours and what it was worth before.
 *
 * @param listings that the model has not seen
 */
export function measureDependences(model: ListingModel, listings: readonly TabularRow[]): DependencePoint[] {
  const asked = listings.slice(0, MAX_LISTINGS);
  const answer = buildAnswer(model);
  return Object.entries(QUANTITIES).flatMap(([quantity, { read, set }]) =>
    quantilesOf(listings.map(read)).map((value) => ({
      quantity,
      value,
      probabilities: meanOf(asked.map((row) => answer(set(row, value)))),
    })),
  );
}

function buildAnswer({ codes, targets, evidence, members, names }: ListingModel) {
  const settings = { keys: TARGET_KEYS, prior: targets.prior, smoothing: TARGET_SMOOTHING };
  const blocks = [
    new ListingColumns(LISTING_FIELDS),
    new FieldColumns(codes),
    new TargetEncoding(settings, targets.tables),
    new ListingEvidence(evidence),
  ];
  const forests = new DecisionForests(members, 1);
  return (row: TabularRow): Float64Array => {
    const columns = new Float32Array(names.length);
    let offset = 0;
    for (const block of blocks) {
      block.write(row, columns, offset);
      offset += block.names.length;
    }
    return forests.probabilities(columns);
  };
}

/** The text cut off, or told again, until it has that many characters. */
function fitLength(text: string, length: number): string {
  return text === '' ? text : text.repeat(Math.ceil(length / text.length)).slice(0, length);
}

function quantilesOf(values: readonly number[]): number[] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  const points = Array.from(
    { length: GRID_POINTS },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (GRID_POINTS - 1))] as number,
  );
  return [...new Set(points)];
}

function meanOf(answers: readonly Float64Array[]): number[] {
  const classes = answers[0]?.length ?? 0;
  return Array.from(
    { length: classes },
    (_, k) => answers.reduce((sum, answer) => sum + (answer[k] as number), 0) / answers.length,
  );
}
