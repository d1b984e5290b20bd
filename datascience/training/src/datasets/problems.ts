import type { Progress } from '../cli/progress.js';
import { DatasetError } from './dataset-error.js';

/** What can be wrong with an input, and what becomes of it. */
const PROBLEM_CONSEQUENCES = {
  'column-missing': 'its values count as empty',
  'row-malformed': 'the row is left out',
  'index-duplicate': 'the first row is kept',
  'product-duplicate': 'the first row is kept',
  'target-missing': 'the row is left out',
  'target-invalid': 'the row is left out',
  'target-without-product': 'the target is left out',
  'category-invalid': 'the line of categories.csv is left out',
  'category-unlabelled': 'its id is its label',
  'product-empty': 'the row is left out',
  'image-unsupported': 'the row loses its image',
  'image-invalid': 'the row loses its image',
  'image-too-large': 'the row loses its image',
  'class-single': 'its row is trained on, never tested',
} as const;

export type ProblemCode = keyof typeof PROBLEM_CONSEQUENCES;

/** Something wrong with the input. */
export interface Problem {
  code: ProblemCode;
  /** Name of the file, such as `X.csv`. */
  file: string;
  /** The record in that file, counted from 1 without the header; null where the whole file is meant. */
  row: number | null;
  message: string;
}

/** Lines printed of each kind; `report.json` lists them all. */
const SHOWN_PER_CODE = 10;

/** Collects problems, or stops at the first one where the person asked for that. */
export class ProblemLog {
  private readonly problems: Problem[] = [];

  constructor(private readonly strict: boolean) {}

  /** @throws DatasetError under `--strict` */
  add(problem: Problem): void {
    if (this.strict) throw new DatasetError(`${describe(problem)} (--strict)`);
    this.problems.push(problem);
  }

  /** By file and row, whatever order they were found in. */
  list(): Problem[] {
    return [...this.problems].sort(
      (a, b) => compare(a.file, b.file) || (a.row ?? 0) - (b.row ?? 0) || compare(a.code, b.code),
    );
  }

  counts(): Partial<Record<ProblemCode, number>> {
    const counts: Partial<Record<ProblemCode, number>> = {};
    for (const { code } of this.list()) counts[code] = (counts[code] ?? 0) + 1;
    return counts;
  }

  /** Warns of each, the first few of every kind, and ends with the number. */
  print(progress: Progress): void {
    const shown = new Map<ProblemCode, number>();
    for (const problem of this.list()) {
      const count = (shown.get(problem.code) ?? 0) + 1;
      shown.set(problem.code, count);
      if (count <= SHOWN_PER_CODE) progress.warn(describe(problem));
    }
    if (this.problems.length === 0) return;
    const kinds = Object.entries(this.counts()).map(([code, count]) => `${code} ${count}`);
    progress.warn(`${this.problems.length} problems (${kinds.join(', ')}); report.json lists them all`);
  }
}

function describe({ code, file, row, message }: Problem): string {
  const place = row === null ? file : `${file} row ${row}`;
  return `${place}: ${message}; ${PROBLEM_CONSEQUENCES[code]}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
