import type { ModelVersion } from '../store.js';
import { METRIC_TAG_PREFIX } from './promotion-tags.js';

/** A candidate may lose this much weighted F1 … */
const MAX_F1_LOSS = 0.005;
/** … and may have this many times the log loss of the version in place. */
const MAX_LOG_LOSS_RATIO = 1.05;

/** What a version scored on its test split, as its tags say; null where they do not. */
export interface GateScores {
  version: number;
  /** Identifies the test split. */
  testHash: string | null;
  /** 0 to 1, higher is better. */
  weightedF1: number | null;
  /** In nats, lower is better. */
  logLoss: number | null;
}

/** How a candidate compares with the version in place. */
export interface GateResult {
  passed: boolean;
  /** What speaks against the candidate, with the numbers; empty where it passed. */
  objections: string[];
  candidate: GateScores;
  inPlace: GateScores;
}

/**
 * Compares a candidate with the version in place on the same test split: weighted F1 may fall by 0.005, log loss may
 * rise by 5 %. Scores of different splits, or that are missing, speak against the candidate.
 */
export function comparePromotion(candidate: ModelVersion, inPlace: ModelVersion): GateResult {
  const scores = { candidate: scoresOf(candidate), inPlace: scoresOf(inPlace) };
  const objections = findObjections(candidate.name, scores.candidate, scores.inPlace);
  return { passed: objections.length === 0, objections, ...scores };
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
  const metric = (key: string) => {
    const value = Number.parseFloat(tags[METRIC_TAG_PREFIX + key] ?? '');
    return Number.isFinite(value) ? value : null;
  };
  return {
    version,
    testHash: tags.test_hash ?? null,
    weightedF1: metric('weighted_f1'),
    logLoss: metric('log_loss'),
  };
}

const orNaN = (value: number | null): number => value ?? NaN;
const format = (value: number | null): string => value?.toFixed(4) ?? 'unknown';
