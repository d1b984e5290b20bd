import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { ADMIN_EMAIL, ADMIN_PASSWORD, createTestApp, type TestApp } from '../support/test-app.js';

const COMMAND_LINE = join(import.meta.dirname, '../../../datascience/training/dist/main.js');
const HEADER =
  'id,nb_images,longueur_image,largeur_image,description_produit,annee,couleur,prix,categorie,nom_produit,delai_vente';

interface Ended {
  code: number;
  stderr: string;
}

describe('vitrine import-catalog', () => {
  let test: TestApp;
  let dir: string;

  beforeAll(async () => {
    test = await createTestApp();
    dir = await mkdtemp(join(tmpdir(), 'vitrine-import-'));
  });

  afterAll(async () => {
    await rm(dir, { recursive: true, force: true });
    await test?.close();
  });

  async function run(
    content: string | Buffer,
    env: Record<string, string> = {},
    url = test.url,
  ): Promise<Ended> {
    const path = join(dir, 'products.csv.gz');
    await writeFile(path, content);
    const args = [COMMAND_LINE, 'import-catalog', '--input', path, '--api-url', url];
    const access = { FIRST_ADMINUSER: ADMIN_EMAIL, FIRST_ADMINUSER_PASSWORD: ADMIN_PASSWORD };
    return promisify(execFile)(process.execPath, args, {
      env: { PATH: process.env.PATH, ...access, ...env },
    }).then(
      ({ stderr }) => ({ code: 0, stderr }),
      ({ code, stderr }: Ended) => ({ code, stderr }),
    );
  }

  it('imports a file, tells what was rejected, and may be repeated', async () => {
    const file = gzipSync(`${HEADER}\n1,2,,,"a\nb",,,4,,,2\nx,,,,,,,,,,\n2,,,,,,,,,,\n`);
    const first = await run(file);
    expect(first.stderr).toContain('3 rows: 2 stored (2 new, 0 changed, 0 as they were), 1 rejected');
    expect(first.stderr).toContain('line 4, id: is no number');
    expect(first.code).toBe(0);
    expect((await run(file)).stderr).toContain('2 stored (0 new, 0 changed, 2 as they were)');
  });

  it('says what the API refuses, and where there is none', async () => {
    const refused = await run('a,b\n1,2\n');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('(422)') as string });
    const stranger = await run(HEADER, { FIRST_ADMINUSER_PASSWORD: 'another password' });
    expect(stranger).toMatchObject({ code: 1, stderr: expect.stringContaining('(401)') as string });
    const nobody = await run(HEADER, {}, 'http://127.0.0.1:9');
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be reached') as string });
  });
});
