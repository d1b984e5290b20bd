import { argmax, softmax } from '../common/softmax.js';

/** `kind` of the head in a model package; its only file has the role `head`. */
export const FUSION_HEAD_KIND = 'fusion-head';
export const FUSION_HEAD_VERSION = 2;

/** Folders of the member packages within a fusion package. */
export const FUSION_MEMBERS = { text: 'members/text', image: 'members/image' } as const;

/** Weights of one member's log-probability. */
export interface MemberWeights {
  /** Added for every category. */
  base: number;
  /** Times how sure the text member is of this product, from 0 to 1. */
  byTextConfidence: number;
  /** Times how sure the image member is. */
  byImageConfidence: number;
  /** Added for one category. */
  perCategory: readonly number[];
}

/**
 * The head of a fusion model: logit of category k = Σ over members of weight(k) · log p(k) + bias(k), where a member's
 * weight depends on the category and on how sure both members are: a log-linear opinion pool with learned weights.
 */
export interface FusionHead {
  /** Probabilities below it count as this much, in (0, 1): a member that is sure and wrong must not decide alone. */
  floor: number;
  text: MemberWeights;
  image: MemberWeights;
  bias: readonly number[];
  /**
   * The member whose first category stands, whatever the head makes of it: then the head only says how sure it is.
   * Null where overruling was shown to pay.
   */
  keeps: 'text' | 'image' | null;
}

/** What a head reads of both members' answers for one product. */
export interface FusionFeatures {
  textLogs: Float64Array;
  imageLogs: Float64Array;
  textConfidence: number;
  imageConfidence: number;
}

/**
 * @param text @param image calibrated probabilities in the order of the fusion model's categories
 * @param floor of the head
 */
export function fusionFeatures(
  text: ArrayLike<number>,
  image: ArrayLike<number>,
  floor: number,
): FusionFeatures {
  return {
    textLogs: boundedLogs(text, floor),
    imageLogs: boundedLogs(image, floor),
    textConfidence: confidence(text),
    imageConfidence: confidence(image),
  };
}

/** Logits of every category, before the fusion model's own temperature. */
export function fuse(head: FusionHead, features: FusionFeatures): Float64Array {
  const { textLogs, imageLogs } = features;
  const text = sharedWeight(head.text, features);
  const image = sharedWeight(head.image, features);
  return Float64Array.from(
    textLogs,
    (log, k) =>
      log * (text + (head.text.perCategory[k] as number)) +
      (imageLogs[k] as number) * (image + (head.image.perCategory[k] as number)) +
      (head.bias[k] as number),
  );
}

/**
 * Probabilities of every category; where the head may not overrule a member and would, that member's own.
 *
 * @param logits of `fuse`
 * @param members the members' own probabilities
 */
export function fusedProbabilities(
  { keeps }: Pick<FusionHead, 'keeps'>,
  logits: Float64Array,
  temperature: number,
  members: Readonly<Record<'text' | 'image', ArrayLike<number>>>,
): Float64Array {
  const fused = softmax(logits, temperature);
  if (keeps === null) return fused;
  const kept = members[keeps];
  return argmax(fused) === argmax(kept) ? fused : Float64Array.from(kept);
}

/** True where a parsed file is a head for that many categories. */
export function isFusionHead(value: unknown, categories: number): value is FusionHead {
  const head = value as Partial<FusionHead> | null;
  return (
    isNumbers(head?.bias, categories) &&
    isNumbers([head?.floor], 1) &&
    (head?.floor as number) > 0 &&
    (head?.floor as number) < 1 &&
    (head?.keeps === null || head?.keeps === 'text' || head?.keeps === 'image') &&
    [head?.text, head?.image].every(
      (member) =>
        isNumbers(member?.perCategory, categories) &&
        isNumbers([member?.base, member?.byTextConfidence, member?.byImageConfidence], 3),
    )
  );
}

function sharedWeight(weights: MemberWeights, { textConfidence, imageConfidence }: FusionFeatures): number {
  return (
    weights.base + weights.byTextConfidence * textConfidence + weights.byImageConfidence * imageConfidence
  );
}

function boundedLogs(probabilities: ArrayLike<number>, floor: number): Float64Array {
  return Float64Array.from(probabilities, (p) => Math.log(Math.max(p, floor)));
}

/** 1 − entropy / the largest entropy possible: 1 for a certain answer, 0 for a uniform one. */
function confidence(probabilities: ArrayLike<number>): number {
  let entropy = 0;
  for (let k = 0; k < probabilities.length; k++) {
    const p = probabilities[k] as number;
    if (p > 0) entropy -= p * Math.log(p);
  }
  return 1 - entropy / Math.log(probabilities.length);
}

function isNumbers(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length && value.every((x) => Number.isFinite(x));
}
