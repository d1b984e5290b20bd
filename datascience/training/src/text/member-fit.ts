import { argmax, softmax } from '@vitrine/inference/features';
import { memberTrainer } from './ensemble.js';
import { FeatureSpace } from './feature-space.js';
import type { FitRecord } from './fit-checkpoints.js';
import type { FitData, FitJob, FitResult } from './fit-job.js';
import type { LinearMember, PassReport } from './linear-member.js';

/** Fits members on one corpus, one after the other. */
export class MemberFitter {
  /** The last space, for the members of a fold share it. */
  private opened: { fold: string; space: FeatureSpace } | null = null;

  constructor(private readonly data: FitData) {}

  /**
   * Fits a member, measures it after each pass and ends early where its loss on held-out rows no longer falls.
   *
   * @param afterPass called after each pass, before the next begins
   */
  fit(job: FitJob, afterPass: () => void): FitResult {
    const { labels, classes } = this.data;
    const { rows, maxPasses, seed, heldOut } = job;
    const space = this.openSpace(job);
    const record: FitRecord = { passes: 0, history: [] };
    let best = { loss: Infinity, pass: 0 };
    const mayEndEarly = job.member.bag !== null && heldOut.length > 0 && job.patience < maxPasses;
    const isMeasured = heldOut.length > 0 && (job.label !== null || mayEndEarly);
    const member = memberTrainer(
      job.member,
      job.repeats,
    )({
      space,
      rows,
      labels,
      classes,
      maxPasses,
      seed,
      afterPass: ({ pass, trainLoss, member: current }: PassReport): boolean => {
        const measures = isMeasured ? this.measure(job, current, space) : null;
        record.passes = pass;
        if (job.label !== null) record.history.push(named(job.label, { train_loss: trainLoss, ...measures }));
        afterPass();
        const loss = measures?.held_out_loss ?? -Infinity;
        if (loss < best.loss) best = { loss, pass };
        return mayEndEarly && pass - best.pass >= job.patience;
      },
    });
    const values = heldOut.length > 0 ? this.logits(member, space, heldOut) : member.flatten();
    return { values, record };
  }

  private openSpace({ fold, rows }: FitJob): FeatureSpace {
    if (this.opened?.fold !== fold) this.opened = { fold, space: new FeatureSpace(this.data.corpus, rows) };
    return this.opened.space;
  }

  /** Logits of a member for rows, row-major [rows × classes]. */
  private logits(member: LinearMember, space: FeatureSpace, rows: Int32Array): Float32Array {
    const { classes } = this.data;
    const logits = new Float32Array(rows.length * classes);
    const one = new Float64Array(classes);
    for (let i = 0; i < rows.length; i++) {
      member.logits(member.featuresOf(space, rows[i] as number), one);
      logits.set(one, i * classes);
    }
    return logits;
  }

  private measure(
    { member: kind, heldOut }: FitJob,
    member: LinearMember,
    space: FeatureSpace,
  ): { held_out_loss: number; held_out_accuracy: number } {
    const { labels, classes } = this.data;
    const logits = this.logits(member, space, heldOut);
    let loss = 0;
    let hits = 0;
    for (let i = 0; i < heldOut.length; i++) {
      const probabilities = softmax(logits.subarray(i * classes, (i + 1) * classes), kind.usualTemperature);
      const label = labels[heldOut[i] as number] as number;
      loss -= Math.log(Math.max(probabilities[label] as number, 1e-15));
      if (argmax(probabilities) === label) hits++;
    }
    return { held_out_loss: loss / heldOut.length, held_out_accuracy: hits / heldOut.length };
  }
}

function named(label: string, measures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(measures).map(([name, value]) => [`${label}_${name}`, value]));
}
