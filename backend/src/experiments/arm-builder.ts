import { Injectable } from '@nestjs/common';
import type { Snapshot } from '../catalog/time-to-sell/entities/snapshot.entity.js';
import { SnapshotsService } from '../catalog/time-to-sell/snapshots/snapshots.service.js';
import { SnapshotNotFoundError } from '../catalog/time-to-sell/time-to-sell.errors.js';
import type { FieldError } from '../common/errors/app.error.js';
import type { ArmInputDto } from './dto/arm-input.dto.js';
import { ArmsInvalidError } from './experiments.errors.js';
import type { ArmValues } from './experiments.repository.js';

/** Arms of an experiment out of what a caller says. */
@Injectable()
export class ArmBuilder {
  constructor(private readonly snapshots: SnapshotsService) {}

  /**
   * Looks the snapshots up and checks the arms as a whole.
   *
   * @throws ArmsInvalidError with everything that is wrong with them
   */
  async build(inputs: readonly ArmInputDto[]): Promise<{ modelName: string; arms: ArmValues[] }> {
    const snapshots = await Promise.all(inputs.map(({ snapshot_id }) => this.find(snapshot_id)));
    const modelName = snapshots.find((snapshot) => snapshot !== null)?.modelName ?? '';
    const errors = [
      ...inputs.flatMap((input, i) => checkArm(input, snapshots[i] ?? null, modelName, `#/arms/${i}`)),
      ...(inputs.every(({ shadow }) => shadow)
        ? [{ pointer: '#/arms', detail: 'at least one arm must answer' }]
        : []),
    ];
    if (errors.length > 0) throw new ArmsInvalidError(errors);
    const arms = inputs.map((input, position) => toArm(input, snapshots[position] as Snapshot, position));
    return { modelName, arms };
  }

  private async find(id: string): Promise<Snapshot | null> {
    return this.snapshots.getSnapshot(id).catch((error: unknown) => {
      if (error instanceof SnapshotNotFoundError) return null;
      throw error;
    });
  }
}

function checkArm(
  { shadow, weight }: ArmInputDto,
  snapshot: Snapshot | null,
  modelName: string,
  pointer: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (shadow && weight !== undefined) {
    errors.push({ pointer: `${pointer}/weight`, detail: 'must be left out of a shadow' });
  }
  if (!snapshot) {
    errors.push({ pointer: `${pointer}/snapshot_id`, detail: 'is no snapshot' });
  } else if (snapshot.modelName !== modelName) {
    errors.push({ pointer: `${pointer}/snapshot_id`, detail: `is no snapshot of ${modelName}` });
  }
  return errors;
}

function toArm(
  { name, weight, shadow = false }: ArmInputDto,
  snapshot: Snapshot,
  position: number,
): ArmValues {
  return {
    position,
    name,
    snapshotId: snapshot.id,
    modelVersion: snapshot.modelVersion,
    weight: weight ?? null,
    isShadow: shadow,
  };
}
