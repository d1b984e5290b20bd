import { Injectable } from '@nestjs/common';
import type { ModelPromotion } from '../../models/promotions/entities/model-promotion.entity.js';
import { PromotionsService } from '../../models/promotions/promotions.service.js';
import { TabularHost } from '../../models/tabular/tabular-host.js';
import type { AuthUser } from '../../users/auth-user.js';
import type { PromoteWinnerDto } from '../dto/experiment-input.dto.js';
import type { ExperimentArm } from '../entities/experiment-arm.entity.js';
import type { Experiment } from '../entities/experiment.entity.js';
import { ArmsInvalidError, ExperimentStatusError, ExperimentUndecidedError } from '../experiments.errors.js';
import { ExperimentsService } from '../experiments.service.js';
import { ALPHA } from '../statistics/decide-winner.js';
import type { ExperimentResults } from './experiment-results.js';
import { ExperimentResultsService } from './experiment-results.service.js';

/** Puts the winner of an experiment in production. */
@Injectable()
export class WinnerService {
  constructor(
    private readonly experiments: ExperimentsService,
    private readonly results: ExperimentResultsService,
    private readonly promotions: PromotionsService,
    private readonly host: TabularHost,
  ) {}

  /**
   * Promotes the winner, and stops the experiment where it runs. The promotion's gate compares scores of training; where
   * the version in production is an arm, the experiment has compared the two better, and its verdict overrules the gate.
   * Forced, it promotes the arm that is named, whatever the verdict or the gate is.
   *
   * @throws ExperimentNotFoundError, ExperimentStatusError, ExperimentUndecidedError, ArmsInvalidError and what
   *   `PromotionsService.promote` throws
   */
  async promoteWinner(
    user: AuthUser,
    id: string,
    { arm_id: armId, force = false, reason }: PromoteWinnerDto,
  ): Promise<{ experiment: Experiment; promotion: ModelPromotion }> {
    const results = await this.results.getResults(id);
    const { status, modelName } = results.experiment;
    if (status === 'draft') throw new ExperimentStatusError('running or stopped', status);
    const arm = chooseArm(results, armId, force);
    const promotion = await this.promotions.promote(user, modelName, {
      version: arm.modelVersion,
      force: force || this.hasBeatenProduction(results),
      reason: describeReason(results, arm, reason),
    });
    return { experiment: await this.experiments.notePromotion(results.experiment, arm.id), promotion };
  }

  private hasBeatenProduction({ experiment: { modelName, arms }, winnerArmId }: ExperimentResults): boolean {
    const inPlace = this.host.current(modelName)?.version;
    return winnerArmId !== null && arms.some(({ modelVersion }) => modelVersion === inPlace);
  }
}

function chooseArm(
  { experiment: { arms }, winnerArmId, reason }: ExperimentResults,
  armId: string | undefined,
  force: boolean,
): ExperimentArm {
  const arm = arms.find(({ id }) => id === (armId ?? winnerArmId));
  if (armId !== undefined && !arm) {
    throw new ArmsInvalidError([{ pointer: '#/arm_id', detail: 'is no arm of the experiment' }]);
  }
  if (!arm) throw new ExperimentUndecidedError(force ? `${reason}: name the arm` : reason);
  if (arm.id !== winnerArmId && !force) {
    throw new ExperimentUndecidedError(winnerArmId === null ? reason : 'Another arm is the winner');
  }
  return arm;
}

function describeReason({ experiment, winnerArmId }: ExperimentResults, arm: ExperimentArm, reason?: string) {
  const verdict =
    arm.id === winnerArmId
      ? `won at an error of ${100 * ALPHA} % over all looks`
      : 'was promoted without having won';
  return [reason, `arm ${arm.name} of experiment ${experiment.id} ${verdict}`].filter(Boolean).join('; ');
}
