import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { TabularRow } from '@vitrine/inference';
import { uuidV7 } from '../../../common/store/uuid-v7.js';
import type { ArmSnapshot } from '../arm-selector.js';
import { SnapshotAsker } from '../snapshots/snapshot-asker.js';
import { SalePredictionWriter, type StorablePrediction } from './sale-prediction-writer.js';

/** Shadow predictions under way; beyond them, whoever brings more waits, and none is left out. */
const MAX_UNDER_WAY = 64;

/** An answered prediction that a shadow arm is asked beside. */
export interface ShadowQuestion {
  arm: ArmSnapshot;
  row: TabularRow;
  answer: StorablePrediction;
}

/** Predictions of arms that are stored and never answered: made behind the answer, which they cannot delay or fail. */
@Injectable()
export class ShadowPredictions implements OnApplicationShutdown {
  private readonly logger = new Logger(ShadowPredictions.name);
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly asker: SnapshotAsker,
    private readonly writer: SalePredictionWriter,
  ) {}

  /** Has shadow arms asked; resolves at once, or when there is room. Never rejects. */
  async add(questions: readonly ShadowQuestion[]): Promise<void> {
    for (const group of groupBySnapshot(questions)) {
      while (this.underWay.size >= MAX_UNDER_WAY) await Promise.race(this.underWay);
      const work: Promise<void> = this.predict(group)
        .catch((error: unknown) => this.logger.warn({ msg: 'A shadow arm failed', err: error }))
        .finally(() => this.underWay.delete(work));
      this.underWay.add(work);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async predict(group: readonly ShadowQuestion[]): Promise<void> {
    const { snapshotId } = group[0]!.arm;
    const rows = group.map(({ row }) => row);
    const { probabilities } = await this.asker.askSnapshot(snapshotId, rows);
    await Promise.all(
      group.map(({ arm, answer }, i) =>
        this.writer.write({
          ...answer,
          id: uuidV7(),
          probabilities: probabilities[i]!,
          snapshotId,
          role: 'shadow',
          answerId: answer.id,
          armId: arm.armId,
          fallbackReason: null,
        }),
      ),
    );
  }
}

function groupBySnapshot(questions: readonly ShadowQuestion[]): ShadowQuestion[][] {
  const groups = new Map<string, ShadowQuestion[]>();
  for (const question of questions) {
    const { snapshotId } = question.arm;
    const group = groups.get(snapshotId);
    if (group) group.push(question);
    else groups.set(snapshotId, [question]);
  }
  return [...groups.values()];
}
