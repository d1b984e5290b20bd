import { Injectable } from '@nestjs/common';
import type { Modality, Prediction } from '@vitrine/inference';
import { ModelHost } from '../models/host/model-host.js';
import type { ServedModel } from '../models/host/model-slot.js';
import { withSpan } from '../telemetry/tracing.js';
import { ImageAdmission } from './image-admission.js';
import { hasText, type ProductQuery } from './input/product-query.js';
import { ModelNotReadyError, toPredictionError } from './predictions.errors.js';
import { recordPrediction } from './predictions.metrics.js';

/** An answer and the model version that gave it. */
export interface Classification {
  prediction: Prediction;
  model: ServedModel;
}

/** Chooses the model that answers by what a product holds. */
@Injectable()
export class Classifier {
  constructor(
    private readonly host: ModelHost,
    private readonly images: ImageAdmission,
  ) {}

  /**
   * Answers with the wanted model, or with the next best that is in service.
   *
   * @throws ModelNotReadyError where none is; AppError where the input cannot be read
   */
  async classify(query: ProductQuery): Promise<Classification> {
    const candidates = candidatesFor(query);
    for (const modality of candidates) {
      const answer = this.ask(modality, query);
      if (answer) return answer;
    }
    throw new ModelNotReadyError(candidates[0]);
  }

  private ask(modality: Modality, query: ProductQuery): Promise<Classification> | null {
    return this.host.use(modality, async (predictor, model) => {
      const readsImage = query.image !== null && modality !== 'text';
      const attributes = { 'vitrine.model.name': model.name, 'vitrine.model.version': model.version };
      const predict = () => withSpan(`predict ${modality}`, attributes, () => predictor.predict([query]));
      try {
        const start = performance.now();
        const [prediction] = await (readsImage ? this.images.run(predict) : predict());
        if (!prediction) throw new Error(`The ${modality} model gave no answer`);
        recordPrediction({ prediction, model }, (performance.now() - start) / 1000);
        return { prediction, model };
      } catch (error) {
        throw toPredictionError(error);
      }
    });
  }
}

/** Modalities by preference: the one made for this input, then those that can still answer. */
function candidatesFor(query: ProductQuery): readonly [Modality, ...Modality[]] {
  if (!query.image) return ['text', 'fusion'];
  return hasText(query) ? ['fusion', 'text', 'image'] : ['image', 'fusion'];
}
