#!/usr/bin/env node
/**
 * Sends the test rows of a data set to a running API and compares its probabilities with the `predictions.csv` that
 * the trainer wrote. The model of that training must be the one in production.
 *
 *   node backend/bench/check-parity.mjs --dataset data/datasets/flipkart --training data/training/text --modality text
 *
 * `--images DIR` sends the photos as they were uploaded, from a folder in the challenge layout, instead of the prepared
 * ones. Exits 1 where a probability differs by more than 1e-4 or a category is another one.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs, parseEnv } from 'node:util';
import { parse } from 'csv-parse/sync';

const TOLERANCE = 1e-4;
const CONNECTIONS = 8;

const { values: flags } = parseArgs({
  options: {
    dataset: { type: 'string' },
    training: { type: 'string' },
    modality: { type: 'string', default: 'text' },
    images: { type: 'string' },
    url: { type: 'string', default: 'http://localhost:8010' },
  },
});
if (!flags.dataset || !flags.training) {
  console.error(
    'usage: check-parity.mjs --dataset DIR --training DIR [--modality text|image|fusion] [--images DIR] [--url URL]',
  );
  process.exit(2);
}

const root = resolve(import.meta.dirname, '../..');
const env = Object.assign(
  {},
  ...['.env', '.env.local']
    .map((file) => join(root, file))
    .filter(existsSync)
    .map((file) => parseEnv(readFileSync(file, 'utf8'))),
  process.env,
);
const readCsv = (path) => parse(readFileSync(path), { columns: true, bom: true });

const login = await fetch(`${flags.url}/api/v1/login/access-token`, {
  method: 'POST',
  body: new URLSearchParams({ username: env.FIRST_ADMINUSER, password: env.FIRST_ADMINUSER_PASSWORD }),
});
if (!login.ok) throw new Error(`login: ${login.status} ${await login.text()}`);
const { access_token: token } = await login.json();

const products = new Map(readCsv(join(flags.dataset, 'X_test.csv')).map((row) => [row.productid, row]));
const expected = readCsv(join(flags.training, 'predictions.csv'));

function findPhoto({ imageid, productid }) {
  const dir = flags.images ?? join(flags.dataset, 'images');
  return ['jpg', 'jpeg', 'png', 'webp']
    .map((type) => join(dir, `image_${imageid}_product_${productid}.${type}`))
    .find(existsSync);
}

async function ask(product) {
  const form = new FormData();
  if (flags.modality !== 'image') {
    form.set('designation', product.designation);
    if (product.description) form.set('description', product.description);
  }
  const photo = flags.modality === 'text' ? undefined : findPhoto(product);
  if (photo) form.set('image', new Blob([readFileSync(photo)]), 'photo');
  const response = await fetch(`${flags.url}/api/v1/predict`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  if (!response.ok) throw new Error(`predict: ${response.status} ${await response.text()}`);
  return response.json();
}

let largest = 0;
let wrong = 0;
const versions = new Set();
const queue = [...expected];
await Promise.all(
  Array.from({ length: CONNECTIONS }, async () => {
    for (let row = queue.pop(); row; row = queue.pop()) {
      const answer = await ask(products.get(row.productid));
      const [best] = answer.categories;
      versions.add(`${answer.model.name} version ${answer.model.version}`);
      largest = Math.max(largest, Math.abs(best.probability - Number(row.probability)));
      if (String(best.category_id) !== row.predicted) wrong++;
    }
  }),
);
console.log(
  `${expected.length} test rows through ${[...versions].join(', ')}: largest difference of a probability ` +
    `${largest.toExponential(1)}, ${wrong} other categories`,
);
process.exitCode = largest <= TOLERANCE && wrong === 0 ? 0 : 1;
