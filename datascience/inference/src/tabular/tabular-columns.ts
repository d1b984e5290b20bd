import type { ProcessorSpec, TabularManifest } from '../package/manifest.js';
import type { ModelPackage } from '../package/model-package.js';
import { PackageError } from '../package/package-error.js';
import { FIELD_COLUMNS_KIND, FIELD_COLUMNS_VERSION, readFieldColumns } from './field-columns.js';
import { LISTING_COLUMNS_KIND, LISTING_COLUMNS_VERSION, readListingColumns } from './listing-columns.js';
import { LISTING_EVIDENCE_KIND, LISTING_EVIDENCE_VERSION, loadListingEvidence } from './listing-evidence.js';
import type { TabularRow } from './tabular-row.js';
import { loadTargetEncoding, TARGET_ENCODING_KIND, TARGET_ENCODING_VERSION } from './target-encoding.js';

/** A processor of a tabular model: turns a raw row into float32 columns. */
export interface TabularColumns {
  /** One name a column. */
  readonly names: readonly string[];
  /** Writes the row's values to `out` from `offset` on; NaN means missing. Never throws, whatever the fields hold. */
  write(row: TabularRow, out: Float32Array, offset: number): void;
}

type Loader = (pkg: ModelPackage<TabularManifest>, spec: ProcessorSpec) => Promise<TabularColumns>;

const loaders = new Map<string, Loader>([
  [keyOf(FIELD_COLUMNS_KIND, FIELD_COLUMNS_VERSION), async (_pkg, spec) => readFieldColumns(spec)],
  [keyOf(LISTING_COLUMNS_KIND, LISTING_COLUMNS_VERSION), async (_pkg, spec) => readListingColumns(spec)],
  [keyOf(LISTING_EVIDENCE_KIND, LISTING_EVIDENCE_VERSION), loadListingEvidence],
  [keyOf(TARGET_ENCODING_KIND, TARGET_ENCODING_VERSION), loadTargetEncoding],
]);

/**
 * Loads one processor of a package.
 *
 * @throws PackageError `processor-unknown` for a kind or version that this code does not have, `manifest-invalid`,
 *   `file-missing` or `file-invalid` where its state is not what it must be
 */
export async function loadColumns(
  pkg: ModelPackage<TabularManifest>,
  spec: ProcessorSpec,
): Promise<TabularColumns> {
  const load = loaders.get(keyOf(spec.kind, spec.version));
  if (load) return load(pkg, spec);
  throw new PackageError(
    'processor-unknown',
    `The model needs the processor ${spec.kind} version ${spec.version}, which this code does not have`,
  );
}

function keyOf(kind: string, version: number): string {
  return `${kind} ${version}`;
}
