/**
 * Prints, as shell assignments, what start.sh needs to know of the configuration (the environment over `.env.local`
 * over `.env`). The secrets that nobody set are generated into `.env.local` once.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

const root = resolve(import.meta.dirname, '../../..');
const localFile = join(root, '.env.local');
const readText = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** URL-safe, and never beginning with a dash, which a program might take for a flag. */
const randomText = (bytes) => randomBytes(bytes).toString('base64url').replace(/^-/, 'A');

const generators = {
  SECRET_KEY: () => randomText(48),
  FIRST_ADMINUSER_PASSWORD: () => randomText(18),
};

function read() {
  const files = [join(root, '.env'), localFile].map((path) => parseEnv(readText(path)));
  return Object.assign({}, ...files, process.env);
}

/** Adds the missing secrets at the end of the file, readable by its owner alone. */
function writeSecrets(settings) {
  const missing = Object.keys(generators).filter((key) => !settings[key]);
  if (missing.length === 0) return missing;
  const before = readText(localFile).replace(/([^\n])$/, '$1\n');
  const lines = missing.map((key) => `${key}=${generators[key]()}\n`).join('');
  const partial = `${localFile}.${process.pid}`;
  writeFileSync(partial, before + lines, { mode: 0o600 });
  renameSync(partial, localFile);
  return missing;
}

const quote = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;

const generated = writeSecrets(read());
const settings = read();
const assignments = {
  PORT: settings.PORT || 8010,
  HOST: settings.HOST || '0.0.0.0',
  ADMIN: settings.FIRST_ADMINUSER || 'admin@vitrine.local',
  ADMIN_PASSWORD: settings.FIRST_ADMINUSER_PASSWORD,
  MODEL_ALIAS: settings.MODELS_ALIAS || 'production',
  TEXT_MODEL: settings.MODELS_TEXT_NAME || 'text',
  IMAGE_MODEL: settings.MODELS_IMAGE_NAME || 'image',
  FUSION_MODEL: settings.MODELS_FUSION_NAME || 'fusion',
  GENERATED_SECRETS: generated.join(' and '),
};
for (const [name, value] of Object.entries(assignments)) console.log(`${name}=${quote(value)}`);
