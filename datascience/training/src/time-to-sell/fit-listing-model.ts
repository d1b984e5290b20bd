import {
  DecisionForests,
  evidenceNames,
  FieldColumns,
  ListingColumns,
  readCode,
  targetNames,
  type EvidenceState,
  type FieldColumnsConfig,
  type GrownMember,
  type TabularRow,
} from '@vitrine/inference';
import { Random } from '../common/random.js';
import { growAveragedForest } from '../tabular/averaged-forest.js';
import { binColumns } from '../tabular/binned-columns.js';
import { growBoostedForest } from '../tabular/boosted-forest.js';
import { fitEvidence, type LearningTask } from './fit-evidence.js';
import { fitTargets, type TargetFit } from './fit-targets.js';
import type { ListingCorpus } from './listing-corpus.js';
import { RANKED_CODES, TARGET_KEYS } from './listing-task.js';

/** Values of a code that are told apart. */
const MAX_CODE_VALUES = 100;
/** Trees of the averaged forest; more are slower and hardly better. */
const TREES = 250;
const MIN_LEAF_ROWS = 6;
const BOOSTING_ROUNDS = 200;

/** A model fitted to training rows. */
export interface ListingModel {
  codes: FieldColumnsConfig;
  targets: TargetFit;
  evidence: EvidenceState;
  members: GrownMember[];
  /** Names of the columns, in the order of the processors. */
  names: string[];
  /** Row-major [all rows of the corpus × names.length]; of a training row as the forests were shown it. */
  columns: Float32Array;
}

/**
 * Fits every stage to the training rows: what regressions, neighbours and target encoding say of a training row comes
 * from fits that had not seen it, so the forests learn how far each can be trusted.
 */
export function fitListingModel(corpus: ListingCorpus, task: LearningTask): ListingModel {
  const { trainRows, labels, classes, seed } = task;
  const evidence = fitEvidence(corpus, task);
  const targets = fitTargets(corpus.rows, TARGET_KEYS, task);
  const codes = rankCodes(corpus.rows, trainRows);
  const plain = [new ListingColumns(corpus.fields), new FieldColumns(codes)];
  const names = [
    ...plain.flatMap((block) => block.names),
    ...targetNames({ keys: TARGET_KEYS, prior: targets.prior }),
    ...evidenceNames(classes),
  ];
  const columns = new Float32Array(corpus.rows.length * names.length);
  for (const [i, row] of corpus.rows.entries()) {
    let offset = i * names.length;
    for (const block of plain) {
      block.write(row, columns, offset);
      offset += block.names.length;
    }
    for (const fit of [targets, evidence]) {
      columns.set(fit.columns.subarray(i * fit.width, (i + 1) * fit.width), offset);
      offset += fit.width;
    }
  }
  const members = growMembers(pickRows(columns, names.length, trainRows), labelsOf(trainRows, labels), {
    width: names.length,
    classes,
    seed,
  });
  return { codes, targets, evidence: evidence.state, members, names, columns };
}

/** The model's probabilities of some rows of its corpus, row-major. */
export function predictRows({ members, columns, names }: ListingModel, rows: Int32Array): Float64Array {
  const forests = new DecisionForests(members, 1);
  const classes = members[0]?.bias.length ?? 0;
  const out = new Float64Array(rows.length * classes);
  rows.forEach((row, i) => out.set(forests.probabilitiesAt(columns, row * names.length), i * classes));
  return out;
}

function growMembers(
  values: Float32Array,
  labels: Uint8Array,
  { width, classes, seed }: { width: number; classes: number; seed: number },
): GrownMember[] {
  const data = binColumns({ values, rows: labels.length, columns: width });
  const averaged = growAveragedForest(data, labels, classes, {
    trees: TREES,
    minLeafRows: MIN_LEAF_ROWS,
    maxDepth: 30,
    columnShare: 0.3,
    cuts: 'random',
    random: new Random(seed),
  });
  const { trees: boosted, bias } = growBoostedForest(data, labels, classes, {
    rounds: BOOSTING_ROUNDS,
    rate: 0.04,
    maxDepth: 4,
    minLeafWeight: 4,
    ridge: 5,
    rowShare: 0.7,
    columnShare: 0.3,
    random: new Random(seed + 1),
  });
  const zeros = new Array<number>(classes).fill(0);
  return [
    { name: 'averaged', kind: 'averaged', bias: zeros, weight: 0.5, trees: averaged },
    { name: 'boosted', kind: 'boosted', bias, weight: 0.5, trees: boosted },
  ];
}

/** Codes by frequency among the training rows, the commonest first. */
function rankCodes(rows: readonly TabularRow[], trainRows: Int32Array): FieldColumnsConfig {
  const codes = RANKED_CODES.map((field) => {
    const counts = new Map<string, number>();
    for (const row of trainRows) {
      const code = readCode(rows[row] as TabularRow, field);
      if (code !== null) counts.set(code, (counts.get(code) ?? 0) + 1);
    }
    const values = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([code]) => code);
    return { field, values: values.slice(0, MAX_CODE_VALUES), as: 'rank' as const };
  });
  return { numbers: [], codes };
}

function pickRows(columns: Float32Array, width: number, rows: Int32Array): Float32Array {
  const picked = new Float32Array(rows.length * width);
  rows.forEach((row, i) => picked.set(columns.subarray(row * width, (row + 1) * width), i * width));
  return picked;
}

function labelsOf(rows: Int32Array, labels: Uint8Array): Uint8Array {
  return Uint8Array.from(rows, (row) => labels[row] as number);
}
