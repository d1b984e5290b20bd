import { readFile } from 'node:fs/promises';
import { loadImagePredictor } from '../image/image-predictor.js';
import type { ModelManifest } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { PackageError } from '../package/package-error.js';
import { readPackage } from '../package/read-package.js';
import { InputError, type Prediction, type Predictor, type ProductInput } from '../predictor.js';
import { cleanProductText } from '../text/clean-text.js';
import { loadTextPredictor } from '../text/text-predictor.js';
import {
  fuse,
  FUSION_HEAD_KIND,
  FUSION_HEAD_VERSION,
  FUSION_MEMBERS,
  fusedProbabilities,
  fusionFeatures,
  isFusionHead,
  type FusionHead,
} from './fusion-head.js';

/**
 * Opens the fusion model of a package with both of its members.
 *
 * @throws PackageError where the head or a member is damaged, unknown, or has other categories
 */
export async function loadFusionPredictor(pkg: ModelPackage): Promise<Predictor> {
  const head = await readHead(pkg);
  const textPackage = await readMember(pkg, 'text');
  const imagePackage = await readMember(pkg, 'image');
  const text = await loadTextPredictor(textPackage);
  const image = await loadImagePredictor(imagePackage).catch(async (error: unknown) => {
    await text.dispose();
    throw error;
  });
  return new FusionPredictor(pkg.manifest, text, image, head);
}

class FusionPredictor implements Predictor {
  constructor(
    readonly manifest: ModelManifest,
    private readonly text: Predictor,
    private readonly image: Predictor,
    private readonly head: FusionHead,
  ) {}

  async predict(inputs: readonly ProductInput[]): Promise<Prediction[]> {
    const answers = await Promise.all([
      predictWhere(this.text, inputs, hasText),
      predictWhere(this.image, inputs, (input) => input.image != null),
    ]);
    return inputs.map((_, i) => this.combine(answers[0][i] ?? null, answers[1][i] ?? null));
  }

  async dispose(): Promise<void> {
    await Promise.all([this.text.dispose(), this.image.dispose()]);
  }

  private combine(text: Prediction | null, image: Prediction | null): Prediction {
    if (!text || !image) {
      const only = text ?? image;
      if (!only) throw new InputError('input-empty', 'The product has neither text nor an image');
      return only;
    }
    const start = performance.now();
    const { temperature, abstentionThreshold } = this.manifest.calibration;
    const logits = fuse(this.head, fusionFeatures(text.probabilities, image.probabilities, this.head.floor));
    const members = { text: text.probabilities, image: image.probabilities };
    const probabilities = fusedProbabilities(this.head, logits, temperature, members);
    return {
      modality: 'fusion',
      probabilities,
      abstained: Math.max(...probabilities) < abstentionThreshold,
      timings: { ...sumTimings(text.timings, image.timings), fusion: performance.now() - start },
    };
  }
}

/** Both members may name a stage alike. */
function sumTimings(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const sum = { ...a };
  for (const [stage, time] of Object.entries(b)) sum[stage] = (sum[stage] ?? 0) + time;
  return sum;
}

/** Asks the text model's own cleaning: empty markup is no text. */
function hasText({ designation, description }: ProductInput): boolean {
  return cleanProductText(designation, description) !== '';
}

/** Answers for the inputs that a member reads; null for the others. */
async function predictWhere(
  member: Predictor,
  inputs: readonly ProductInput[],
  reads: (input: ProductInput) => boolean,
): Promise<(Prediction | null)[]> {
  const positions = inputs.flatMap((input, i) => (reads(input) ? [i] : []));
  const answers = Array<Prediction | null>(inputs.length).fill(null);
  if (positions.length === 0) return answers;
  const predictions = await member.predict(positions.map((i) => inputs[i] as ProductInput));
  positions.forEach((position, i) => (answers[position] = predictions[i] ?? null));
  return answers;
}

async function readMember(pkg: ModelPackage, modality: 'text' | 'image'): Promise<ModelPackage> {
  const member = await readPackage(pkg.path(FUSION_MEMBERS[modality]));
  if (member.manifest.modality !== modality) {
    throw new PackageError(
      'manifest-invalid',
      `The ${modality} member is a model of ${member.manifest.modality}`,
    );
  }
  const ids = (manifest: ModelManifest) => manifest.categories.map(({ id }) => id).join();
  if (ids(member.manifest) !== ids(pkg.manifest)) {
    throw new PackageError(
      'manifest-invalid',
      `The ${modality} member has other categories than the fusion model`,
    );
  }
  return member;
}

async function readHead(pkg: ModelPackage): Promise<FusionHead> {
  const { network, categories } = pkg.manifest;
  if (network.kind !== FUSION_HEAD_KIND || network.version !== FUSION_HEAD_VERSION) {
    throw new PackageError(
      'processor-unknown',
      `The fusion model needs ${network.kind} version ${network.version}; this code has ${FUSION_HEAD_KIND} version ${FUSION_HEAD_VERSION}: train it again`,
    );
  }
  if (!network.files.head)
    throw new PackageError('manifest-invalid', 'The head names no file of role "head"');
  const path = pkg.path(network.files.head);
  let head: unknown;
  try {
    head = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new PackageError('file-invalid', `The head ${path} cannot be read`, { cause: error });
  }
  if (isFusionHead(head, categories.length)) return head;
  throw new PackageError('file-invalid', `The head ${path} does not fit ${categories.length} categories`);
}
