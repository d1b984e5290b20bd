import { Injectable } from '@nestjs/common';
import { ArmOutcomes, type ArmCounts } from '../../catalog/time-to-sell/arm-outcomes.js';
import type { ExperimentArm } from '../entities/experiment-arm.entity.js';
import type { Experiment } from '../entities/experiment.entity.js';
import { ExperimentsService } from '../experiments.service.js';
import { ALPHA, decideWinner } from '../statistics/decide-winner.js';
import { ScoreBoard } from '../statistics/score-board.js';
import type { ArmResults, ExperimentResults } from './experiment-results.js';

const DAY_MS = 24 * 60 * 60_000;

/** What experiments have shown. */
@Injectable()
export class ExperimentResultsService {
  constructor(
    private readonly experiments: ExperimentsService,
    private readonly outcomes: ArmOutcomes,
  ) {}

  /**
   * Counts and compares what is known by now; it may be asked at any time and any number of times.
   *
   * @throws ExperimentNotFoundError
   */
  async getResults(id: string): Promise<ExperimentResults> {
    const experiment = await this.experiments.getExperiment(id);
    const [counts, board] = await Promise.all([
      this.outcomes.countByArm(id),
      this.fillBoard(experiment, Date.now() - experiment.maturityDays * DAY_MS),
    ]);
    const comparisons = board.compare(ALPHA);
    const armIds = experiment.arms.map((arm) => arm.id);
    return {
      experiment,
      arms: experiment.arms.map((arm) => toArmResults(arm, counts, board)),
      comparisons,
      ...decideWinner(armIds, comparisons),
    };
  }

  /** @param latest products predicted after this time (ms since 1970) do not count yet */
  private async fillBoard({ id, arms }: Experiment, latest: number): Promise<ScoreBoard> {
    const board = new ScoreBoard(arms);
    for await (const outcome of this.outcomes.streamOutcomes(id)) {
      if (outcome.predictedAt.getTime() <= latest) board.add(outcome);
    }
    return board;
  }
}

function toArmResults(arm: ExperimentArm, counts: readonly ArmCounts[], board: ScoreBoard): ArmResults {
  const own = counts.filter(({ armId }) => armId === arm.id);
  const sum = (count: 'predictions' | 'products' | 'fallbacks') =>
    own.reduce((total, counted) => total + counted[count], 0);
  const tally = board.tallyOf(arm.id);
  return {
    arm,
    predictions: sum('predictions'),
    products: sum('products'),
    fallbacks: sum('fallbacks'),
    outcomes: tally.count,
    logLoss: tally.estimate('logLoss', ALPHA),
    accuracy: tally.estimate('accuracy', ALPHA),
    brier: tally.estimate('brier', ALPHA),
  };
}
