/**
 * `example-request.mjs BASE_URL USER PASSWORD`: prints a command for a shell that asks for a prediction, with a product
 * and a photo of the demo data set's test part where there is one. Its token comes from a login.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');
const dataset = join(root, 'data/datasets/demo');
const photos = join(root, 'data/datasets/demo-catalogue/images');
const requireFromTraining = createRequire(join(root, 'datascience/training/package.json'));
const { parse } = requireFromTraining('csv-parse/sync');

const [baseUrl, user, password] = process.argv.slice(2);
const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const read = (name) => parse(readFileSync(join(dataset, name)), { columns: true, bom: true });

/** A product that no model was trained on, and the label it should get. */
function findProduct() {
  if (!existsSync(join(dataset, 'X_test.csv'))) return undefined;
  const targets = read('y_test.csv');
  const labels = new Map(read('categories.csv').map(({ category_id, label }) => [category_id, label]));
  const products = read('X_test.csv').map((row, at) => ({
    designation: row.designation,
    photo: join(photos, `image_${row.imageid}_product_${row.productid}.jpg`),
    label: labels.get(targets[at].prdtypecode),
  }));
  return products.find(({ designation, photo }) => designation && existsSync(photo));
}

const product = findProduct();
const designation = product?.designation ?? 'Livre de poche, roman policier';
const fields = [
  `--form-string designation=${quote(designation)}`,
  product && `-F image=@${quote(product.photo)}`,
];

console.log(`TOKEN=$(curl -s ${baseUrl}/api/v1/login/access-token \\
  --data-urlencode username=${quote(user)} --data-urlencode password=${quote(password)} |
  sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -s ${baseUrl}/api/v1/predict -H "Authorization: Bearer $TOKEN" \\
  ${fields.filter(Boolean).join(' \\\n  ')} -F limit=3; echo`);
if (product) console.log(`# the category this product has: ${product.label}`);
