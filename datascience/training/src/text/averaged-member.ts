import type { SparseRow } from '@vitrine/inference/features';
import type { FeatureSpace } from './feature-space.js';
import type { FitMember, LinearMember } from './linear-member.js';

/** Seeds of the repeats lie this far apart. */
const SEED_STRIDE = 7_919;

/** Fits the same kind of member several times from different seeds; the mean of their logits is the member. */
export function averagedTrainer(fit: FitMember, repeats: number): FitMember {
  if (repeats === 1) return fit;
  return (task) => {
    let maxPasses = task.maxPasses;
    const members = Array.from({ length: repeats }, (_, i) =>
      fit({
        ...task,
        maxPasses,
        seed: task.seed + i * SEED_STRIDE,
        afterPass: (report) => {
          if (i > 0) return false;
          const stop = task.afterPass(report);
          if (stop) maxPasses = report.pass;
          return stop;
        },
      }),
    );
    return new AveragedMember(members);
  };
}

class AveragedMember implements LinearMember {
  private logitsOfOne = new Float64Array(0);

  constructor(private readonly members: readonly LinearMember[]) {}

  featuresOf(space: FeatureSpace, row: number): SparseRow {
    return (this.members[0] as LinearMember).featuresOf(space, row);
  }

  logits(features: SparseRow, out: Float64Array): void {
    if (this.logitsOfOne.length !== out.length) this.logitsOfOne = new Float64Array(out.length);
    out.fill(0);
    for (const member of this.members) {
      member.logits(features, this.logitsOfOne);
      for (let k = 0; k < out.length; k++) {
        out[k] = (out[k] as number) + (this.logitsOfOne[k] as number) / this.members.length;
      }
    }
  }

  flatten(): Float32Array {
    const [first, ...others] = this.members.map((member) => member.flatten());
    const mean = first as Float32Array;
    for (const other of others)
      for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + (other[i] as number);
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) / this.members.length;
    return mean;
  }
}
