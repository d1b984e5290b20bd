import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProcess } from '../fixtures/api-process.js';
import { ApiClient } from '../support/api-client.js';
import { ADMIN_EMAIL, ADMIN_PASSWORD } from '../support/test-app.js';
import { createTestDatabase } from '../support/test-database.js';

jest.setTimeout(180_000);

const ROWS = 40_000;
/** Rows of one statement of the import. */
const BATCH = 1_000;

const file = [
  'id,nb_images,longueur_image,largeur_image,description_produit,annee,couleur,prix,categorie,nom_produit,delai_vente',
  ...Array.from(
    { length: ROWS },
    (_, i) => `${i},3,800,600,"Un vase, ""bleu"" ${i}",,Bleu,4.5,mode,Vase ${i},${i % 3}`,
  ),
  '',
].join('\n');

describe('an API that is killed while it imports', () => {
  it('has stored whole batches, and the same file again completes them', async () => {
    const database = await createTestDatabase();
    const api = await ApiProcess.create({
      DATABASE_URL: database.url,
      FIRST_ADMINUSER: ADMIN_EMAIL,
      FIRST_ADMINUSER_PASSWORD: ADMIN_PASSWORD,
    });
    const count = async () =>
      Number((await database.query<{ count: string }>('SELECT count(*) FROM catalog'))[0]!.count);
    try {
      await api.start();
      const client = await new ApiClient(api.url).login(ADMIN_EMAIL, ADMIN_PASSWORD);
      const send = () =>
        client.send<{ stored: number; inserted: number; unchanged: number }>(
          'POST',
          '/api/v1/products/import',
          {
            body: file,
            headers: { 'content-type': 'text/csv' },
          },
        );
      const lost = send().then(
        () => 'answered',
        () => 'lost',
      );
      while ((await count()) < 3 * BATCH) await sleep(5);
      await api.kill();
      expect(await lost).toBe('lost');
      // Postgres may still be committing the last statement.
      await sleep(500);
      const stored = await count();
      expect(stored % BATCH).toBe(0);
      expect(stored).toBeLessThan(ROWS);
      await api.start();
      const { body } = await send();
      expect(body).toMatchObject({ stored: ROWS, inserted: ROWS - stored, unchanged: stored });
      expect(await count()).toBe(ROWS);
    } finally {
      await api.kill();
      await database.drop();
    }
  });
});
