import type { ProcessorSpec } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { PackageError } from '../package/package-error.js';
import type { TemperedMixture } from './mixed-softmax.js';
import { readPackedFile, requirePositiveInteger, roleFile } from './packed-file.js';
import type { SparseRow } from './tf-idf.js';

/** `kind` and `version` of the network. */
export const LINEAR_TEXT_KIND = 'linear-text';
export const LINEAR_TEXT_VERSION = 2;
/** Earlier versions that are read too: version 1 has one temperature alone. */
export const LINEAR_TEXT_EARLIER_VERSIONS = [1];

/** Numbers of columns and of categories, and the second half of the calibration; the manifest has the first. */
export interface LinearTextConfig extends Pick<TemperedMixture, 'secondTemperature' | 'secondShare'> {
  columns: number;
  classes: number;
}

/**
 * A linear classifier over sparse features, each column's weights in 8 bits under a scale of their own. Its one file,
 * of role `weights`, holds the parts in this order, little-endian.
 */
export interface LinearTextWeights {
  /** float32 [classes], added to every text's logits. */
  bias: Float32Array;
  /** float32 [classes]: logarithms of the categories' shares among the training texts. */
  logPriors: Float32Array;
  /** float32 [columns]: what a column's weights are multiplied by. */
  scales: Float32Array;
  /** int8, row-major [columns × classes]. */
  weights: Int8Array;
}

/** Size of the weights' file in bytes. */
export function linearTextBytes({ columns, classes }: Pick<LinearTextConfig, 'columns' | 'classes'>): number {
  return 8 * classes + 4 * columns + columns * classes;
}

/** Gives logits for sparse rows. */
export class LinearText {
  readonly classes: number;

  constructor(private readonly parameters: LinearTextWeights) {
    this.classes = parameters.bias.length;
  }

  /** One logit a category. A row that holds nothing gets the logarithms of the priors: all that is known then. */
  logits(row: SparseRow): Float64Array {
    const { bias, logPriors, scales, weights } = this.parameters;
    if (row.size === 0) return Float64Array.from(logPriors);
    const classes = this.classes;
    const logits = Float64Array.from(bias);
    for (let i = 0; i < row.size; i++) {
      const column = row.columns[i] as number;
      const value = (row.values[i] as number) * (scales[column] as number);
      const start = column * classes;
      for (let k = 0; k < classes; k++) {
        logits[k] = (logits[k] as number) + value * (weights[start + k] as number);
      }
    }
    return logits;
  }
}

/**
 * Reads the network of a package.
 *
 * @throws PackageError where the file is missing or is not what the config says
 */
export async function loadLinearText(
  pkg: ModelPackage,
  spec: ProcessorSpec,
): Promise<{ network: LinearText; config: LinearTextConfig }> {
  const columns = requirePositiveInteger(spec, 'columns');
  const classes = requirePositiveInteger(spec, 'classes');
  const config = { columns, classes, ...readMixture(spec) };
  const file = await readPackedFile(pkg, roleFile(spec, 'weights'), linearTextBytes(config));
  const network = new LinearText({
    bias: new Float32Array(file, 0, classes),
    logPriors: new Float32Array(file, 4 * classes, classes),
    scales: new Float32Array(file, 8 * classes, columns),
    weights: new Int8Array(file, 8 * classes + 4 * columns),
  });
  return { network, config };
}

function readMixture({
  kind,
  version,
  config,
}: ProcessorSpec): Pick<LinearTextConfig, 'secondTemperature' | 'secondShare'> {
  if (version === 1) return { secondTemperature: 1, secondShare: 0 };
  const { secondTemperature, secondShare } = config;
  const isShare = typeof secondShare === 'number' && secondShare >= 0 && secondShare <= 1;
  const isTemperature = typeof secondTemperature === 'number' && secondTemperature > 0;
  if (isShare && isTemperature) return { secondTemperature, secondShare };
  throw new PackageError(
    'manifest-invalid',
    `${kind}: "secondTemperature" or "secondShare" is missing or wrong`,
  );
}
