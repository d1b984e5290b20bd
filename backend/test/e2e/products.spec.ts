import type { ApiClient } from '../support/api-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

interface Problem {
  code: string;
  errors?: { pointer: string }[];
}
interface Product {
  id: number;
  [field: string]: unknown;
}
interface Page {
  items: Product[];
  total: number;
  is_total_exact: boolean;
  next_after: number | null;
}

describe('the catalogue', () => {
  const path = '/api/v1/products';
  let test: TestApp;
  let user: ApiClient;

  beforeAll(async () => {
    test = await createTestApp();
    user = await test.user('shop@example.org');
    await test.database.query(`
      INSERT INTO catalog (id, prix, couleur, categorie, nom_produit, description_produit, delai_vente)
      SELECT i, i, CASE i % 3 WHEN 0 THEN 'Noir' WHEN 1 THEN 'Blanc' END,
        CASE WHEN i % 2 = 0 THEN 'mode' ELSE 'librairie' END,
        CASE WHEN i % 10 = 0 THEN 'Canapé élimé' ELSE 'Livre ' || i END,
        CASE WHEN i = 7 THEN 'Les chevaux blancs' END,
        CASE WHEN i % 5 = 0 THEN 1 END
      FROM generate_series(1, 60) AS i`);
  });

  afterAll(() => test?.close());

  const list = async (query: string) => (await user.get<Page>(`${path}?${query}`)).body;
  const ids = async (query: string) => (await list(query)).items.map(({ id }) => id);

  it('is created, read, changed, replaced and removed', async () => {
    const created = await user.send<Product>('POST', path, {
      json: { id: 9_000_000_000_000, prix: 4.5, nom_produit: 'Vase\u2028 "bleu"', couleur: null },
    });
    expect(created.status).toBe(201);
    const one = `${path}/9000000000000`;
    expect((await user.get(one)).body).toEqual({
      id: 9_000_000_000_000,
      nb_images: null,
      longueur_image: null,
      largeur_image: null,
      description_produit: null,
      annee: null,
      couleur: null,
      prix: 4.5,
      categorie: null,
      nom_produit: 'Vase\u2028 "bleu"',
      delai_vente: null,
    });
    const patched = await user.send('PATCH', one, { json: { delai_vente: 2, prix: null } });
    expect(patched.body).toMatchObject({ delai_vente: 2, prix: null, nom_produit: 'Vase\u2028 "bleu"' });
    const replaced = await user.send('PUT', one, { json: { prix: 3 } });
    expect(replaced.body).toMatchObject({ delai_vente: null, prix: 3, nom_produit: null });
    expect((await user.get(one)).body).toEqual(replaced.body);
    expect((await user.send('DELETE', one)).status).toBe(204);
    expect((await user.get<Problem>(one)).body.code).toBe('product-not-found');
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const json = method === 'DELETE' ? undefined : {};
      expect((await user.send(method, one, { json })).status).toBe(404);
    }
  });

  it('refuses an id that is there already', async () => {
    const { status, body } = await user.send<Problem>('POST', path, { json: { id: 1 } });
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'product-exists' });
  });

  it.each([
    [{}, '#/id'],
    [{ id: '7' }, '#/id'],
    [{ id: -1 }, '#/id'],
    [{ id: 2 ** 53 }, '#/id'],
    [{ id: 99, prix: '4,5' }, '#/prix'],
    [{ id: 99, prix: -1 }, '#/prix'],
    [{ id: 99, annee: 2 ** 31 }, '#/annee'],
    [{ id: 99, annee: 1939.5 }, '#/annee'],
    [{ id: 99, delai_vente: 3 }, '#/delai_vente'],
    [{ id: 99, couleur: 'a\0b' }, '#/couleur'],
    [{ id: 99, couleur: 'x'.repeat(201) }, '#/couleur'],
    [{ id: 99, description_produit: 'x'.repeat(100_001) }, '#/description_produit'],
    [{ id: 99, colour: 'red' }, '#/colour'],
  ])('refuses %p', async (json, pointer) => {
    const { status, body } = await user.send<Problem>('POST', path, { json });
    expect(status).toBe(422);
    expect(body.errors).toContainEqual(expect.objectContaining({ pointer }));
  });

  it.each(['x', '-1', '1.5', '99999999999999999999', '9007199254740993', '%00'])(
    'has no id %p',
    async (id) => {
      expect((await user.get(`${path}/${id}`)).status).toBe(422);
    },
  );

  it('is filtered by every column that is asked for', async () => {
    expect(await ids('categorie=mode&couleur=Noir&limit=3')).toEqual([6, 12, 18]);
    expect(await ids('prix_min=58.5')).toEqual([59, 60]);
    expect(await ids('prix_max=2&prix_min=2')).toEqual([2]);
    expect(await ids('delai_vente=known&limit=2')).toEqual([5, 10]);
    expect(await ids('delai_vente=unknown&limit=2')).toEqual([1, 2]);
    expect(await ids('delai_vente=1&prix_min=60')).toEqual([60]);
    expect(await ids('delai_vente=0')).toEqual([]);
    expect(await ids('categorie=none')).toEqual([]);
  });

  it('is searched by words, whatever their accents and endings', async () => {
    expect(await ids('q=canape')).toEqual([10, 20, 30, 40, 50, 60]);
    expect(await ids('q=CANAP%C3%89S%20elimes&prix_min=50')).toEqual([50, 60]);
    expect(await ids('q=cheval')).toEqual([7]);
    expect(await ids('q=livre%20-%22livre%207%22&prix_max=9&prix_min=7')).toEqual([8, 9]);
    expect(await ids('q=le')).toEqual([]);
    expect(await ids(`q=${encodeURIComponent(`'"(&|!:*\\`)}`)).toEqual([]);
  });

  it('is paged by offset and by the last id', async () => {
    const first = await list('limit=25');
    expect(first).toMatchObject({ total: 60, is_total_exact: true, next_after: 25 });
    expect(await ids('limit=2&offset=25')).toEqual([26, 27]);
    const seen: number[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: Page = await list(`limit=25&after=${after}`);
      seen.push(...page.items.map(({ id }) => id));
      after = page.next_after;
    }
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  it.each(['limit=0', 'limit=201', 'after=-1', 'prix_min=x', 'delai_vente=3', 'q=', 'q=%00', 'colour=red'])(
    'refuses ?%s',
    async (query) => {
      expect((await user.get(`${path}?${query}`)).status).toBe(422);
    },
  );

  it('is closed to strangers', async () => {
    for (const [method, at] of [
      ['GET', path],
      ['POST', path],
      ['GET', `${path}/1`],
      ['PUT', `${path}/1`],
      ['PATCH', `${path}/1`],
      ['DELETE', `${path}/1`],
      ['POST', `${path}/import`],
    ] as const) {
      expect((await test.client.send(method, at)).status).toBe(401);
    }
  });
});
