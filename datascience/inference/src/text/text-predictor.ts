import { setImmediate } from 'node:timers/promises';
import { softmax } from '../common/softmax.js';
import type { ModelManifest } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { PackageError } from '../package/package-error.js';
import { InputError, type Prediction, type Predictor, type ProductInput } from '../predictor.js';
import { cleanProductText } from './clean-text.js';
import {
  LINEAR_TEXT_EARLIER_VERSIONS,
  LINEAR_TEXT_KIND,
  LINEAR_TEXT_VERSION,
  loadLinearText,
  type LinearText,
} from './linear-text.js';
import { mixedSoftmax, type TemperedMixture } from './mixed-softmax.js';
import { requireKind } from './packed-file.js';
import { loadTextNgrams, TEXT_NGRAMS_KIND, TEXT_NGRAMS_VERSION, type TextNgrams } from './text-ngrams.js';

/** A batch gives others a turn after this many milliseconds. */
const MAX_BLOCKING_MS = 2;

/**
 * Opens the text model of a package.
 *
 * @throws PackageError `processor-unknown` for a processor or network that this code does not have, `file-missing` or
 *   `file-invalid` where the files are not what the manifest says
 */
export async function loadTextPredictor(pkg: ModelPackage): Promise<Predictor> {
  const { manifest } = pkg;
  const [processor] = manifest.processors;
  if (!processor || manifest.processors.length > 1) {
    throw new PackageError(
      'manifest-invalid',
      `A text model has one processor, this one ${manifest.processors.length}`,
    );
  }
  requireKind(processor, TEXT_NGRAMS_KIND, TEXT_NGRAMS_VERSION);
  requireKind(manifest.network, LINEAR_TEXT_KIND, LINEAR_TEXT_VERSION, LINEAR_TEXT_EARLIER_VERSIONS);
  const ngrams = await loadTextNgrams(pkg, processor);
  const { network, config } = await loadLinearText(pkg, manifest.network);
  if (config.columns !== ngrams.columns || config.classes !== manifest.categories.length) {
    throw new PackageError(
      'file-invalid',
      `The network reads ${config.columns} columns and gives ${config.classes} logits; ` +
        `there are ${ngrams.columns} columns and ${manifest.categories.length} categories`,
    );
  }
  const { secondTemperature, secondShare } = config;
  const { temperature } = manifest.calibration;
  return new TextPredictor(manifest, ngrams, network, { temperature, secondTemperature, secondShare });
}

class TextPredictor implements Predictor {
  constructor(
    readonly manifest: ModelManifest,
    private readonly ngrams: TextNgrams,
    private readonly network: LinearText,
    private readonly calibration: TemperedMixture,
  ) {}

  async predict(inputs: readonly ProductInput[]): Promise<Prediction[]> {
    const predictions: Prediction[] = [];
    let turn = performance.now();
    for (const input of inputs) {
      predictions.push(this.predictOne(input));
      if (predictions.length === inputs.length || performance.now() - turn < MAX_BLOCKING_MS) continue;
      await setImmediate();
      turn = performance.now();
    }
    return predictions;
  }

  async dispose(): Promise<void> {
    // Plain arrays: the garbage collector takes them with the predictor.
  }

  private predictOne({ designation, description }: ProductInput): Prediction {
    const start = performance.now();
    const text = cleanProductText(designation, description);
    if (text === '') throw new InputError('text-missing', 'This model reads a text and got none');
    const row = this.ngrams.transform(text);
    const transformed = performance.now();
    const logits = this.network.logits(row);
    // Where nothing is known of a text the logits are the priors, which need no calibration.
    const probabilities = row.size === 0 ? softmax(logits) : mixedSoftmax(logits, this.calibration);
    const { abstentionThreshold } = this.manifest.calibration;
    return {
      modality: 'text',
      probabilities,
      abstained: Math.max(...probabilities) < abstentionThreshold,
      timings: { text: transformed - start, network: performance.now() - transformed },
    };
  }
}
