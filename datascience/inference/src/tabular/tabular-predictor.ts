import { setImmediate } from 'node:timers/promises';
import type { TabularManifest } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { readTabularPackage } from '../package/read-package.js';
import { loadColumns, type TabularColumns } from './tabular-columns.js';
import { loadNetwork, type TabularNetwork } from './tabular-network.js';
import type { TabularRow } from './tabular-row.js';

/** A batch gives others a turn after this many milliseconds. */
const MAX_BLOCKING_MS = 2;

/** The answer for one row. */
export interface TabularPrediction {
  /** Probabilities, summing to 1, in the order of `manifest.categories`. */
  probabilities: Float64Array;
  /** Milliseconds by stage: `columns` and `network`. */
  timings: Record<string, number>;
}

/** A loaded package of a tabular model. */
export interface TabularPredictor {
  readonly manifest: TabularManifest;
  /**
   * Answers for each row, in order. Whatever a field holds has a defined meaning (`readNumber`, `readText` and
   * `readCode` tell it), and a field that is absent is missing.
   *
   * @throws TypeError where a row is not an object; nothing is answered then
   */
  predict(rows: readonly TabularRow[]): Promise<TabularPrediction[]>;
  /** Releases what it holds; the predictor cannot be used afterwards. */
  dispose(): Promise<void>;
}

/**
 * Loads the tabular model of a package, ready to answer.
 *
 * @param source a folder, whose files are verified first, or a package that was read already
 * @throws PackageError where the package is damaged, or names a processor or network that this code does not have
 */
export async function loadTabularPredictor(
  source: string | ModelPackage<TabularManifest>,
): Promise<TabularPredictor> {
  const pkg = typeof source === 'string' ? await readTabularPackage(source) : source;
  const blocks: TabularColumns[] = [];
  for (const spec of pkg.manifest.processors) blocks.push(await loadColumns(pkg, spec));
  const width = blocks.reduce((sum, { names }) => sum + names.length, 0);
  const network = await loadNetwork(pkg, width);
  return new ColumnsPredictor(pkg.manifest, blocks, network, width);
}

/** Each processor writes its columns, the network reads them all. */
class ColumnsPredictor implements TabularPredictor {
  constructor(
    readonly manifest: TabularManifest,
    private readonly blocks: readonly TabularColumns[],
    private readonly network: TabularNetwork,
    private readonly width: number,
  ) {}

  async predict(rows: readonly TabularRow[]): Promise<TabularPrediction[]> {
    for (const [i, row] of rows.entries()) {
      if (!isObject(row)) throw new TypeError(`Row ${i} is not an object of values by field name`);
    }
    const predictions: TabularPrediction[] = [];
    let turn = performance.now();
    for (const row of rows) {
      predictions.push(this.predictOne(row));
      if (predictions.length === rows.length || performance.now() - turn < MAX_BLOCKING_MS) continue;
      await setImmediate();
      turn = performance.now();
    }
    return predictions;
  }

  async dispose(): Promise<void> {
    // Plain arrays: the garbage collector takes them with the predictor.
  }

  private predictOne(row: TabularRow): TabularPrediction {
    const start = performance.now();
    const columns = new Float32Array(this.width);
    let offset = 0;
    for (const block of this.blocks) {
      block.write(row, columns, offset);
      offset += block.names.length;
    }
    const written = performance.now();
    const probabilities = this.network.probabilities(columns);
    return {
      probabilities,
      timings: { columns: written - start, network: performance.now() - written },
    };
  }
}

function isObject(row: unknown): boolean {
  return typeof row === 'object' && row !== null && !Array.isArray(row);
}
