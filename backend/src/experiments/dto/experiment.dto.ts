import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../common/crud/page.dto.js';
import type { Experiment, ExperimentStatus } from '../entities/experiment.entity.js';
import type { ExperimentArm } from '../entities/experiment-arm.entity.js';

/** One of the snapshots that are compared. */
export class ArmDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  name!: string;

  @ApiProperty({ format: 'uuid' })
  snapshot_id!: string;

  /** Version of the registered model that the snapshot is. */
  @ApiProperty({ type: 'integer' })
  model_version!: number;

  /** Share of the products relative to the other arms'; null of a shadow. */
  @ApiProperty({ type: Number, nullable: true })
  weight!: number | null;

  /** Whether it is computed and stored, and never answered. */
  shadow!: boolean;
}

/** A comparison of snapshots. */
export class ExperimentDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  name!: string;

  hypothesis!: string;

  /** The registered model whose versions are compared. */
  model_name!: string;

  /** `draft`: it can be changed. `running`: it assigns products. `stopped`: it is over, and its results remain. */
  @ApiProperty({ enum: ['draft', 'running', 'stopped'] })
  status!: ExperimentStatus;

  /** Share of the products in the experiment, in %. */
  ramp_percent!: number;

  /** Days after its prediction from which on a product's outcome counts. */
  @ApiProperty({ type: 'integer' })
  maturity_days!: number;

  /** In the order of their creation. */
  @ApiProperty({ type: [ArmDto] })
  arms!: ArmDto[];

  @ApiProperty({ type: Date, nullable: true })
  started_at!: Date | null;

  @ApiProperty({ type: Date, nullable: true })
  stopped_at!: Date | null;

  /** The arm whose snapshot was promoted. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  promoted_arm_id!: string | null;

  created_at!: Date;

  updated_at!: Date;
}

/** One part of the list of experiments. */
export class ExperimentPageDto extends PageOf(ExperimentDto) {}

/** An experiment as callers see it. */
export function toExperimentDto(experiment: Experiment): ExperimentDto {
  return {
    id: experiment.id,
    name: experiment.name,
    hypothesis: experiment.hypothesis,
    model_name: experiment.modelName,
    status: experiment.status,
    ramp_percent: experiment.rampPercent,
    maturity_days: experiment.maturityDays,
    arms: experiment.arms.map(toArmDto),
    started_at: experiment.startedAt,
    stopped_at: experiment.stoppedAt,
    promoted_arm_id: experiment.promotedArmId,
    created_at: experiment.createdAt,
    updated_at: experiment.updatedAt,
  };
}

function toArmDto({ id, name, snapshotId, modelVersion, weight, isShadow }: ExperimentArm): ArmDto {
  return { id, name, snapshot_id: snapshotId, model_version: modelVersion, weight, shadow: isShadow };
}
