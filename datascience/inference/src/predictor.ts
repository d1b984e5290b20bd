import type { ModelManifest, Modality } from './package/manifest.js';

/** What a prediction is asked about. At least one of the three must hold something. */
export interface ProductInput {
  /** Title, raw: HTML, entities, any Unicode. */
  designation?: string | null;
  /** Longer text, raw. */
  description?: string | null;
  /** An encoded photo (JPEG, PNG, WebP), as uploaded. */
  image?: Uint8Array | null;
}

/** The answer for one product. */
export interface Prediction {
  /** Which model answered: `fusion` falls back to the modality the input holds. */
  modality: Modality;
  /** Calibrated probabilities, summing to 1, in the order of `manifest.categories`. */
  probabilities: Float64Array;
  /** True where the highest probability is below the manifest's abstention threshold. */
  abstained: boolean;
  /** Milliseconds by stage, such as `text`, `decode`, `network`. */
  timings: Record<string, number>;
}

/** A loaded model package. */
export interface Predictor {
  readonly manifest: ModelManifest;
  /**
   * Answers for each input, in order. Never blocks the event loop for longer than a text takes.
   *
   * @throws InputError where an input holds nothing that this model reads, or its image cannot be decoded.
   */
  predict(inputs: readonly ProductInput[]): Promise<Prediction[]>;
  /** Releases threads and native memory; the predictor cannot be used afterwards. */
  dispose(): Promise<void>;
}

/** Why an input could not be answered. */
export type InputErrorCode =
  | 'input-empty' // neither text nor image
  | 'image-missing' // an image model was asked without an image
  | 'text-missing' // a text model was asked without text
  | 'image-unsupported' // not a format that is read (JPEG, PNG, WebP)
  | 'image-invalid' // empty, truncated, corrupt, animated
  | 'image-too-large'; // more pixels or bytes than allowed

/** An input that no model can answer: the caller's fault, never the model's. */
export class InputError extends Error {
  constructor(
    readonly code: InputErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'InputError';
  }
}
