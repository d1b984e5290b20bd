import type { AnyManifest, ModelManifest, TabularManifest } from './manifest.js';

/** The name of MLflow's own description of a model. */
export const MLMODEL_FILE = 'MLmodel';

/**
 * Writes MLflow's `MLmodel` (https://mlflow.org/docs/latest/ml/model/): the `vitrine` flavor, and `onnx` where the
 * network is one, with the signature. YAML is a superset of JSON, so each value is written as JSON.
 */
export function renderMlModel(manifest: AnyManifest): string {
  const flavors: Record<string, unknown> = {
    vitrine: {
      manifest: 'manifest.json',
      modality: manifest.modality,
      schema_version: manifest.schemaVersion,
    },
  };
  const onnx = manifest.network.files.onnx;
  if (manifest.network.kind === 'onnx' && onnx !== undefined) {
    flavors.onnx = { data: onnx, onnx_version: '1.17.0', providers: ['CPUExecutionProvider'] };
  }
  const fields: Record<string, unknown> = {
    artifact_path: 'model',
    flavors,
    run_id: manifest.runId,
    signature: buildSignature(manifest),
    utc_time_created: manifest.createdAt.replace('T', ' ').replace('Z', ''),
  };
  return Object.entries(fields)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

/** Inputs by modality and one probability per category, in MLflow's column format (JSON within strings). */
function buildSignature(manifest: AnyManifest): { inputs: string; outputs: string } {
  const inputs = manifest.modality === 'tabular' ? tabularInputs(manifest) : productInputs(manifest);
  const outputs = manifest.categories.map((category) => column(String(category.id), 'double', true));
  return { inputs: JSON.stringify(inputs), outputs: JSON.stringify(outputs) };
}

interface SignatureColumn {
  name: string;
  type: string;
  required: boolean;
}

const column = (name: string, type: string, required: boolean): SignatureColumn => ({ name, type, required });

function productInputs({ modality }: ModelManifest): SignatureColumn[] {
  const text = [column('designation', 'string', false), column('description', 'string', false)];
  const image = [column('image', 'binary', modality === 'image')];
  return { text, image, fusion: [...text, ...image] }[modality];
}

function tabularInputs({ fields }: TabularManifest): SignatureColumn[] {
  return fields.map(({ name, type }) => column(name, type === 'number' ? 'double' : 'string', false));
}
