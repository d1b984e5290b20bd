import { packArrays, type PackedArray, type UnpackedArrays } from '../common/array-file.js';
import { softmax } from '../common/softmax.js';
import type { ProcessorSpec, TabularManifest } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { TermCounts } from '../text/term-counts.js';
import { SparseRow, termFrequencyWeight } from '../text/tf-idf.js';
import { Vocabulary } from '../text/vocabulary.js';
import { readListingFields, type ListingFields } from './listing-columns.js';
import {
  eachListingTerm,
  LISTING_BLOCKS,
  LISTING_MEASURES,
  listingMeasures,
  type ListingBlock,
} from './listing-terms.js';
import { MAX_NEIGHBOUR_ROWS, NeighbourIndex, type NeighbourRows } from './neighbour-index.js';
import { readArrays } from './package-file.js';
import type { TabularColumns } from './tabular-columns.js';
import type { TabularRow } from './tabular-row.js';

/** `kind` and `version` of the processor in a model package; its file has the role `evidence`. */
export const LISTING_EVIDENCE_KIND = 'listing-evidence';
export const LISTING_EVIDENCE_VERSION = 1;

/** How much of the similarity of two listings each block makes. */
export const BLOCK_SIMILARITY: Readonly<Record<ListingBlock, number>> = {
  words: 1,
  characters: 1.5,
  facts: 0.7,
};
/** The blocks that a logistic regression of their own reads. */
export const LOGISTIC_BLOCKS = ['words', 'characters'] as const satisfies readonly ListingBlock[];

/** What was learned of one block of terms. */
export interface BlockState {
  vocabulary: Vocabulary;
  /** Inverse document frequency by term. */
  idf: Float32Array;
  /** Row-major [terms × classes]; absent for a block without a regression. */
  weights?: Float32Array;
  bias?: Float32Array;
}

/** What was learned of listings. */
export interface EvidenceState {
  fields: ListingFields;
  /** Shares of the classes. */
  prior: readonly number[];
  blocks: Readonly<Record<ListingBlock, BlockState>>;
  /** Mean and standard deviation of each of the `listingMeasures`. */
  measureMeans: Float32Array;
  measureScales: Float32Array;
  /** The listings that are searched; their terms are numbered through the blocks, in order. */
  neighbours: NeighbourRows;
}

/**
 * What the texts and the most similar known listings say: the class probabilities of a logistic regression over words
 * and of one over characters, and the votes of the nearest listings.
 */
export class ListingEvidence implements TabularColumns {
  readonly names: readonly string[];
  private readonly counts: Readonly<Record<ListingBlock, TermCounts>>;
  private readonly index: NeighbourIndex;
  private readonly row = new SparseRow();
  private readonly measures = new Float32Array(LISTING_MEASURES);

  constructor(private readonly state: EvidenceState) {
    const { blocks, prior, neighbours } = state;
    this.names = evidenceNames(prior.length);
    this.counts = {
      words: new TermCounts(blocks.words.idf.length),
      characters: new TermCounts(blocks.characters.idf.length),
      facts: new TermCounts(blocks.facts.idf.length),
    };
    this.index = new NeighbourIndex(neighbours, prior);
  }

  write(listing: TabularRow, out: Float32Array, offset: number): void {
    this.count(listing);
    const { row, state } = this;
    row.size = 0;
    let firstTerm = 0;
    let next = offset;
    for (const block of LISTING_BLOCKS) {
      const start = row.size;
      this.addBlock(block, firstTerm);
      const { weights, bias, idf } = state.blocks[block];
      if (weights && bias) {
        out.set(logisticProbabilities(row, { start, firstTerm, weights, bias }), next);
        next += bias.length;
      }
      scale(row, start, Math.sqrt(BLOCK_SIMILARITY[block]));
      firstTerm += idf.length;
    }
    listingMeasures(listing, state.fields, this.measures);
    standardise(this.measures, state.measureMeans, state.measureScales);
    const query = { terms: row.columns, weights: row.values, size: row.size, measures: this.measures };
    this.index.vote(query, out, next);
  }

  private count(listing: TabularRow): void {
    const { counts, state } = this;
    for (const block of LISTING_BLOCKS) counts[block].clear();
    eachListingTerm(listing, state.fields, (block, hash) => {
      const term = state.blocks[block].vocabulary.find(hash);
      if (term >= 0) counts[block].add(term);
    });
  }

  private addBlock(block: ListingBlock, firstTerm: number): void {
    const { row } = this;
    const { idf } = this.state.blocks[block];
    const counts = this.counts[block];
    const start = row.size;
    for (let i = 0; i < counts.size; i++) {
      const term = counts.terms[i] as number;
      row.push(firstTerm + term, termFrequencyWeight(counts.countAt(i)) * (idf[term] as number));
    }
    row.normaliseFrom(start);
  }
}

/** Names of the columns. */
export function evidenceNames(classes: number): string[] {
  const each = (name: string) => Array.from({ length: classes }, (_, k) => `${name} ${k}`);
  return [
    ...LOGISTIC_BLOCKS.flatMap((block) => each(block)),
    ...['40 neighbours', '80 neighbours'].flatMap(each),
    'nearest similarity',
    'similarity of 40',
  ];
}

/** (value − mean) / scale in place; a missing value becomes 0, the mean. */
export function standardise(values: Float32Array, means: Float32Array, scales: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    const value = ((values[i] as number) - (means[i] as number)) / (scales[i] as number);
    values[i] = Number.isNaN(value) ? 0 : value;
  }
}

function logisticProbabilities(
  row: SparseRow,
  {
    start,
    firstTerm,
    weights,
    bias,
  }: { start: number; firstTerm: number; weights: Float32Array; bias: Float32Array },
): Float64Array {
  const classes = bias.length;
  const logits = Float64Array.from(bias);
  for (let i = start; i < row.size; i++) {
    const at = ((row.columns[i] as number) - firstTerm) * classes;
    for (let k = 0; k < classes; k++) {
      logits[k] = (logits[k] as number) + (row.values[i] as number) * (weights[at + k] as number);
    }
  }
  return softmax(logits);
}

function scale(row: SparseRow, start: number, factor: number): void {
  for (let i = start; i < row.size; i++) row.values[i] = (row.values[i] as number) * factor;
}

/** The processor's file; the fields' names are its config. */
export function packEvidence(state: EvidenceState): Uint8Array {
  const { prior, blocks, measureMeans, measureScales, neighbours } = state;
  const { postings, measures, labels } = neighbours;
  const arrays: Record<string, PackedArray> = {
    prior: Float32Array.from(prior),
    measureMeans,
    measureScales,
    measures,
    labels,
    postingStarts: postings.starts,
    postingRows: postings.rows,
    postingWeights: postings.weights,
    postingScales: postings.scales,
  };
  for (const block of LISTING_BLOCKS) {
    const { vocabulary, idf, weights, bias } = blocks[block];
    arrays[`${block}.hashes`] = vocabulary.toHashes();
    arrays[`${block}.idf`] = idf;
    if (weights && bias) Object.assign(arrays, { [`${block}.weights`]: weights, [`${block}.bias`]: bias });
  }
  return packArrays(arrays);
}

/**
 * Reads the processor of a package.
 *
 * @throws PackageError `manifest-invalid`, `file-missing` or `file-invalid`
 */
export async function loadListingEvidence(
  pkg: ModelPackage<TabularManifest>,
  spec: ProcessorSpec,
): Promise<ListingEvidence> {
  const fields = readListingFields(spec);
  const classes = pkg.manifest.categories.length;
  return readArrays(
    pkg,
    spec,
    'evidence',
    (arrays) => new ListingEvidence(unpackEvidence(arrays, fields, classes)),
  );
}

function unpackEvidence(arrays: UnpackedArrays, fields: ListingFields, classes: number): EvidenceState {
  const blocks = {
    words: unpackBlock(arrays, 'words', classes),
    characters: unpackBlock(arrays, 'characters', classes),
    facts: unpackBlock(arrays, 'facts', 0),
  };
  const labels = arrays.get('labels', 'Uint8Array');
  const terms = LISTING_BLOCKS.reduce((sum, block) => sum + blocks[block].idf.length, 0);
  const starts = arrays.get('postingStarts', 'Uint32Array', terms + 1);
  const places = starts[terms] as number;
  const rows = arrays.get('postingRows', 'Uint16Array', places);
  const isWhole =
    labels.length <= MAX_NEIGHBOUR_ROWS &&
    labels.every((label) => label < classes) &&
    rows.every((row) => row < labels.length) &&
    starts.every((start, term) => start >= (starts[term - 1] ?? 0));
  if (!isWhole) throw new RangeError('The listings do not fit together');
  return {
    fields,
    prior: [...arrays.get('prior', 'Float32Array', classes)],
    blocks,
    measureMeans: arrays.get('measureMeans', 'Float32Array', LISTING_MEASURES),
    measureScales: arrays.get('measureScales', 'Float32Array', LISTING_MEASURES),
    neighbours: {
      labels,
      measures: arrays.get('measures', 'Float32Array', labels.length * LISTING_MEASURES),
      postings: {
        starts,
        rows,
        weights: arrays.get('postingWeights', 'Uint8Array', places),
        scales: arrays.get('postingScales', 'Float32Array', labels.length),
      },
    },
  };
}

/** @param classes of the block's regression; 0: it has none */
function unpackBlock(arrays: UnpackedArrays, block: ListingBlock, classes: number): BlockState {
  const hashes = arrays.get(`${block}.hashes`, 'Uint32Array');
  const state = {
    vocabulary: Vocabulary.fromHashes(hashes),
    idf: arrays.get(`${block}.idf`, 'Float32Array', hashes.length),
  };
  if (classes === 0) return state;
  return {
    ...state,
    weights: arrays.get(`${block}.weights`, 'Float32Array', hashes.length * classes),
    bias: arrays.get(`${block}.bias`, 'Float32Array', classes),
  };
}
