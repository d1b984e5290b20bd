/**
 * `model-state.mjs ALIAS NAME...`: per registered model one line: its name, the version behind the alias (or `-`) and
 * its newest version (or `-`).
 */
import { openModelStore } from '../../../datascience/mlflow/dist/index.js';
import { readEnvironment } from '../../../datascience/training/dist/environment.js';

const [alias, ...names] = process.argv.slice(2);
const { trackingUri, registryDir } = readEnvironment();
const store = openModelStore({ trackingUri, registryDir });

for (const name of names) {
  const model = await store.findModel(name);
  const aliased = model && (await store.findVersionByAlias(name, alias));
  const [newest] = model ? await store.listVersions(name) : [];
  console.log(`${name} ${aliased?.version ?? '-'} ${newest?.version ?? '-'}`);
}
