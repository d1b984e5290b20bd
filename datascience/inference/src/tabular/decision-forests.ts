import { packArrays, type UnpackedArrays } from '../common/array-file.js';
import { softmax } from '../common/softmax.js';
import type { TabularManifest } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { isNumberList, requireConfig } from './config-checks.js';
import { readArrays } from './package-file.js';
import type { TabularNetwork } from './tabular-network.js';

/** `kind` and `version` of the network in a model package; each member's trees are the file of its name. */
export const DECISION_FORESTS_KIND = 'decision-forests';
export const DECISION_FORESTS_VERSION = 1;

/**
 * Trees in flat arrays. Node i splits on `columns[i]`: a value of at least `thresholds[i]` goes to node `right[i]`, every
 * other, a missing one (NaN) too, to node i + 1. A leaf has the column −1 and its values at `right[i]` in `leaves`.
 */
export interface Trees {
  roots: Uint32Array;
  columns: Int16Array;
  thresholds: Float32Array;
  right: Uint32Array;
  /** `averaged`: the shares of the classes; `boosted`: one score, for class tree mod classes. */
  leaves: Float32Array;
}

/** One ensemble of trees. */
export interface ForestMember {
  name: string;
  /** `averaged`: the mean of the trees' shares; `boosted`: the softmax of `bias` and the trees' summed scores. */
  kind: 'averaged' | 'boosted';
  /** Of the boosted scores, one a class. */
  bias: number[];
  /** Of its probabilities among the members'. */
  weight: number;
}

/** Index of the leaf that a row falls into, as the start of its values in `leaves`. */
export function findLeaf(
  { columns, thresholds, right }: Trees,
  root: number,
  row: Float32Array,
  offset = 0,
): number {
  let node = root;
  for (;;) {
    const column = columns[node] as number;
    if (column < 0) return right[node] as number;
    node =
      (row[offset + column] as number) >= (thresholds[node] as number) ? (right[node] as number) : node + 1;
  }
}

/** One member's probabilities of a row, which begins at `offset` of `row`. */
export function memberProbabilities(
  member: ForestMember,
  trees: Trees,
  row: Float32Array,
  offset = 0,
): Float64Array {
  const classes = member.bias.length;
  const sums = Float64Array.from(member.bias);
  const { roots, leaves } = trees;
  for (let tree = 0; tree < roots.length; tree++) {
    const leaf = findLeaf(trees, roots[tree] as number, row, offset);
    if (member.kind === 'boosted') {
      const k = tree % classes;
      sums[k] = (sums[k] as number) + (leaves[leaf] as number);
      continue;
    }
    for (let k = 0; k < classes; k++) sums[k] = (sums[k] as number) + (leaves[leaf + k] as number);
  }
  return member.kind === 'boosted' ? softmax(sums) : sums.map((sum) => sum / roots.length);
}

/** Probabilities below it count as this much: no forest may rule a class out. */
const FLOOR = 1e-4;

/** The members' weighted geometric mean, scaled to sum to 1: a log-linear opinion pool. */
export function blendMembers(
  members: readonly { weight: number; probabilities: ArrayLike<number> }[],
  temperature: number,
): Float64Array {
  const classes = members[0]?.probabilities.length ?? 0;
  const logits = new Float64Array(classes);
  for (const { weight, probabilities } of members) {
    for (let k = 0; k < classes; k++) {
      logits[k] = (logits[k] as number) + weight * Math.log(Math.max(probabilities[k] as number, FLOOR));
    }
  }
  return softmax(logits, temperature);
}

/** A member with its trees. */
export interface GrownMember extends ForestMember {
  trees: Trees;
}

/** Several forests over the same columns, blended. */
export class DecisionForests implements TabularNetwork {
  constructor(
    private readonly members: readonly GrownMember[],
    private readonly temperature: number,
  ) {}

  probabilities(columns: Float32Array): Float64Array {
    return this.probabilitiesAt(columns, 0);
  }

  /** As `probabilities`, of a row that begins at `offset` of a row-major matrix. */
  probabilitiesAt(columns: Float32Array, offset: number): Float64Array {
    const members = this.members.map((member) => ({
      weight: member.weight,
      probabilities: memberProbabilities(member, member.trees, columns, offset),
    }));
    return blendMembers(members, this.temperature);
  }
}

/** A member's file. */
export function packTrees({ roots, columns, thresholds, right, leaves }: Trees): Uint8Array {
  return packArrays({ roots, columns, thresholds, right, leaves });
}

/**
 * Reads the network of a package.
 *
 * @param width columns that the trees may read
 * @throws PackageError `manifest-invalid`, `file-missing` or `file-invalid`
 */
export async function loadDecisionForests(
  pkg: ModelPackage<TabularManifest>,
  width: number,
): Promise<DecisionForests> {
  const { network, categories, calibration } = pkg.manifest;
  const { members } = network.config;
  requireConfig(
    network,
    Array.isArray(members) &&
      members.length > 0 &&
      members.every((member) => isMember(member, categories.length)),
    '"members" must be forests for these categories',
  );
  const grown: GrownMember[] = [];
  for (const member of members as ForestMember[]) {
    const values = member.kind === 'averaged' ? categories.length : 1;
    const trees = await readArrays(pkg, network, member.name, (arrays) => unpackTrees(arrays, width, values));
    grown.push({ ...member, trees });
  }
  return new DecisionForests(grown, calibration.temperature);
}

function isMember(value: unknown, classes: number): boolean {
  const member = value as Partial<ForestMember> | null;
  return (
    typeof member?.name === 'string' &&
    (member.kind === 'averaged' || member.kind === 'boosted') &&
    isNumberList(member.bias, classes) &&
    isNumberList([member.weight], 1)
  );
}

/** Every step of a walk leads on: no damaged file can make one that does not end. */
function unpackTrees(arrays: UnpackedArrays, width: number, values: number): Trees {
  const columns = arrays.get('columns', 'Int16Array');
  const nodes = columns.length;
  const trees = {
    roots: arrays.get('roots', 'Uint32Array'),
    columns,
    thresholds: arrays.get('thresholds', 'Float32Array', nodes),
    right: arrays.get('right', 'Uint32Array', nodes),
    leaves: arrays.get('leaves', 'Float32Array'),
  };
  const leadsOn = (node: number) => {
    const right = trees.right[node] as number;
    if ((columns[node] as number) < 0) return right + values <= trees.leaves.length;
    return (columns[node] as number) < width && right > node && right < nodes && node + 1 < nodes;
  };
  const isWhole =
    trees.roots.length > 0 &&
    trees.roots.every((root) => root < nodes) &&
    columns.every((_, node) => leadsOn(node)) &&
    trees.leaves.every(Number.isFinite);
  if (!isWhole) throw new RangeError('The trees do not fit together');
  return trees;
}
