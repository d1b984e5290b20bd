import { setImmediate } from 'node:timers/promises';
import { softmax } from '../common/softmax.js';
import type { ModelManifest } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { PackageError } from '../package/package-error.js';
import { InputError, type Prediction, type Predictor, type ProductInput } from '../predictor.js';
import { cleanProductText } from './clean-text.js';
import { LINEAR_TEXT_KIND, LINEAR_TEXT_VERSION, loadLinearText, type LinearText } from './linear-text.js';
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
  requireKind(manifest.network, LINEAR_TEXT_KIND, LINEAR_TEXT_VERSION);
  const ngrams = await loadTextNgrams(pkg, processor);
  const { network, config } = await loadLinearText(pkg, manifest.network);
  if (config.columns !== ngrams.columns || config.classes !== manifest.categories.length) {
    throw new PackageError(
      'file-invalid',
      `The network reads ${config.columns} columns and gives ${config.classes} logits; ` +
        `there are ${ngrams.columns} columns and ${manifest.categories.length} categories`,
    );
  }
  return new TextPredictor(manifest, ngrams, network);
}

class TextPredictor implements Predictor {
  constructor(
    readonly manifest: ModelManifest,
    private readonly ngrams: TextNgrams,
    private readonly network: LinearText,
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
    const { temperature, abstentionThreshold } = this.manifest.calibration;
    const probabilities = softmax(this.network.logits(row), row.size === 0 ? 1 : temperature);
    return {
      modality: 'text',
      probabilities,
      abstained: Math.max(...probabilities) < abstentionThreshold,
      timings: { text: transformed - start, network: performance.now() - transformed },
    };
  }
}
