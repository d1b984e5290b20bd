import { join } from 'node:path';
import { loadPredictor, type Modality, type ProductInput } from '@vitrine/inference';
import type { PredictionDto } from '../../src/predictions/dto/prediction.dto.js';
import { createModelApp, formOf, type ModelApp } from '../fixtures/model-app.js';
import { blue, green, photo, red } from '../fixtures/photos.js';
import { tinyCategories, tinyTexts } from '../fixtures/tiny-categories.js';
import type { ApiClient } from '../support/api-client.js';

describe('parity of training and serving', () => {
  let test: ModelApp;
  let user: ApiClient;
  let inputs: ProductInput[];

  beforeAll(async () => {
    test = await createModelApp();
    user = await test.user('shop@example.org');
    const photos = await Promise.all([
      photo(red),
      photo(green, 'png', 300),
      photo(blue, 'webp', 31),
      photo({ r: 200, g: 190, b: 180 }, 'jpeg', 500),
    ]);
    const texts = [
      ...tinyTexts.flat(),
      'Édition <b>reliée</b> &amp; illustrée 12x34 cm',
      '日本語 livre 📚',
      'xyzzy',
    ];
    inputs = texts.flatMap((designation, i) => [
      { designation },
      { designation: 'produit', description: designation },
      { image: photos[i % photos.length] },
      { designation, description: 'neuf', image: photos[(i + 1) % photos.length] },
    ]);
  });
  afterAll(() => test.close());

  function modalityOf({ designation, image }: ProductInput): Modality {
    if (!image) return 'text';
    return designation ? 'fusion' : 'image';
  }

  it('gives over HTTP what the package gives where it was made', async () => {
    const versions = await Promise.all(
      (['text', 'image', 'fusion'] as const).map(async (modality) => {
        const dir = join(test.registry.dir, `parity-${modality}`);
        await test.registry.store.downloadVersion(modality, 1, dir);
        return [modality, await loadPredictor(dir)] as const;
      }),
    );
    const predictors = new Map(versions);
    for (const input of inputs) {
      const modality = modalityOf(input);
      const [expected] = await predictors.get(modality)!.predict([input]);
      const { designation, description, image } = input;
      const fields = { ...(designation ? { designation } : {}), ...(description ? { description } : {}) };
      const base64 = image ? { image: Buffer.from(image).toString('base64') } : {};
      const answers = await Promise.all([
        user.send<PredictionDto>('POST', '/api/v1/predict', { json: { ...fields, ...base64 } }),
        user.send<PredictionDto>('POST', '/api/v1/predict', { body: formOf(fields, image ?? undefined) }),
      ]);
      for (const { body } of answers) {
        expect(body.modality).toBe(modality);
        const byId = new Map(
          body.categories.map(({ category_id, probability }) => [category_id, probability]),
        );
        tinyCategories.forEach(({ id }, i) =>
          expect(byId.get(id)).toBeCloseTo(expected!.probabilities[i]!, 9),
        );
      }
    }
    await Promise.all([...predictors.values()].map((predictor) => predictor.dispose()));
  });
});
