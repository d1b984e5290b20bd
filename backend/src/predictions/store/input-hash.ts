import { createHash } from 'node:crypto';
import type { ProductQuery } from '../input/product-query.js';

/** Digests of an input, SHA-256 as lower-case hex. */
export interface InputDigests {
  imageSha256: string | null;
  inputHash: string;
}

/** Digests of what was asked: the lengths are hashed too, so that no two inputs run into one another. */
export function digestInput(
  query: Pick<ProductQuery, 'designation' | 'description' | 'image'>,
): InputDigests {
  const imageSha256 = query.image ? createHash('sha256').update(query.image).digest('hex') : null;
  const { designation, description } = query;
  const lengths = `${designation?.length ?? -1},${description?.length ?? -1},${imageSha256 ?? ''};`;
  const inputHash = createHash('sha256')
    .update(lengths + (designation ?? '') + (description ?? ''))
    .digest('hex');
  return { imageSha256, inputHash };
}
