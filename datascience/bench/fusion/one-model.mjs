import { fuse, fusionFeatures, softmax } from '../../inference/dist/index.js';
import { chooseHead } from '../../training/dist/fusion/choose-head.js';
import { intersectHeldOut } from '../../training/dist/fusion/held-out-intersection.js';

/**
 * The alternative to routing: one head that answers all three cases. A modality that is missing is an input like any
 * other, the answer of a member that knows nothing (every category as probable, no confidence); the head is fitted on
 * each product three times, with both modalities, its text alone and its photo alone.
 *
 * @returns {Promise<(text: Float64Array | null, image: Float64Array | null) => Float64Array>} gives probabilities
 */
export async function fitOneModel(members, dataset, seed) {
  const classes = dataset.categories.length;
  const both = intersectHeldOut(members.text.heldOut, members.image.heldOut, dataset);
  const unknown = new Float32Array(both.text.length).fill(1 / classes);
  const { head, temperature } = await chooseHead(
    {
      rows: repeat(both.rows),
      labels: [...both.labels, ...both.labels, ...both.labels],
      text: join(both.text, both.text, unknown),
      image: join(both.image, unknown, both.image),
    },
    classes,
    seed,
  );
  const nothing = new Float64Array(classes).fill(1 / classes);
  return (text, image) =>
    softmax(fuse(head, fusionFeatures(text ?? nothing, image ?? nothing, head.floor)), temperature);
}

function repeat(rows) {
  return Int32Array.from([...rows, ...rows, ...rows]);
}

function join(...parts) {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}
