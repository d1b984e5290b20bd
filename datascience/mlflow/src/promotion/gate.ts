import type { ModelVersion } from '../store.js';
import { METRIC_TAG_PREFIX, REMATCH_TAG_PREFIX } from './promotion-tags.js';

/** A candidate may lose this much weighted F1 … */
const MAX_F1_LOSS = 0.005;
/** … and may have this many times the log loss of the version in place. */
const MAX_LOG_LOSS_RATIO = 1.05;

/** A model that would score as well by chance with a larger probability than this is not promoted. */
const MAX_CHANCE_P_VALUE = 0.01;

/** What a version scored on its test split, as its tags say; null where they do not. */
export interface GateScores {
  version: number;
  /** Identifies the test split. */
  testHash: string | null;
  /** 0 to 1, higher is better. */
  weightedF1: number | null;
  /** In nats, lower is better. */
  logLoss: number | null;
  /**
   * Probability of a score at least as good where labels are independent of the inputs, by permutation; null where it
   * was not tested, as for models whose score leaves no doubt.
   */
  chancePValue?: number | null;
}

/** How a candidate compares with the version in place. */
export interface GateResult {
  passed: boolean;
  /** What speaks against the candidate, with the numbers; empty where it passed. */
  objections: string[];
  candidate: GateScores;
  /** Null where there was no version in place. */
  inPlace: GateScores | null;
}

/**
 * Compares a candidate with the version in place on the same test split: weighted F1 may fall by 0.005, log loss may
 * rise by 5 %. Scores of different splits, or that are missing, speak against the candidate; the version in place may have
 * been measured on the candidate's split by its trainer. So does, whatever is in
 * place, a tested probability above 0.01 that the candidate is no better than chance.
 */
export function comparePromotion(candidate: ModelVersion, inPlace: ModelVersion | null): GateResult {
  const scores = {
    candidate: scoresOf(candidate),
    inPlace: inPlace && (readRematch(candidate, inPlace) ?? scoresOf(inPlace)),
  };
  const objections = [
    ...findChance(candidate.name, scores.candidate),
    ...(scores.inPlace ? findObjections(candidate.name, scores.candidate, scores.inPlace) : []),
  ];
  return { passed: objections.length === 0, objections, ...scores };
}

function findChance(name: string, { version, chancePValue }: GateScores): string[] {
  if (chancePValue == null || chancePValue <= MAX_CHANCE_P_VALUE) return [];
  const p = chancePValue.toFixed(4);
  return [
    `version ${version} of ${name} is no better than chance: p = ${p} where ${MAX_CHANCE_P_VALUE} is allowed`,
  ];
}

function findObjections(name: string, candidate: GateScores, inPlace: GateScores): string[] {
  const label = `version ${candidate.version} of ${name}`;
  if (candidate.testHash === null || candidate.testHash !== inPlace.testHash) {
    return [`${label} and version ${inPlace.version} were tested on different data`];
  }
  const objections: string[] = [];
  const against = (score: string, a: number | null, b: number | null) =>
    objections.push(`${label} is worse: ${score} ${format(a)} against ${format(b)}`);
  const [f1, logLoss] = [orNaN(candidate.weightedF1), orNaN(candidate.logLoss)];
  // Written so that a score that is missing (NaN) speaks against the candidate.
  if (!(f1 >= orNaN(inPlace.weightedF1) - MAX_F1_LOSS)) {
    against('weighted F1', candidate.weightedF1, inPlace.weightedF1);
  }
  if (!(logLoss <= orNaN(inPlace.logLoss) * MAX_LOG_LOSS_RATIO)) {
    against('log loss', candidate.logLoss, inPlace.logLoss);
  }
  return objections;
}

function scoresOf({ version, tags }: ModelVersion): GateScores {
  const metric = (key: string) => readScore(tags[METRIC_TAG_PREFIX + key]);
  const chancePValue = metric('chance_p_value');
  return {
    version,
    testHash: tags.test_hash ?? null,
    weightedF1: metric('weighted_f1'),
    logLoss: metric('log_loss'),
    ...(chancePValue === null ? {} : { chancePValue }),
  };
}

/**
 * What the version in place scored on the candidate's own test split, where the trainer measured it: data that grow
 * would otherwise leave nothing to compare on.
 */
function readRematch(candidate: ModelVersion, inPlace: ModelVersion): GateScores | null {
  const { tags } = candidate;
  if (tags[`${REMATCH_TAG_PREFIX}version`] !== String(inPlace.version)) return null;
  return {
    version: inPlace.version,
    testHash: tags.test_hash ?? null,
    weightedF1: readScore(tags[`${REMATCH_TAG_PREFIX}weighted_f1`]),
    logLoss: readScore(tags[`${REMATCH_TAG_PREFIX}log_loss`]),
  };
}

function readScore(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : null;
}

const orNaN = (value: number | null): number => value ?? NaN;
const format = (value: number | null): string => value?.toFixed(4) ?? 'unknown';
