import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { credentialsFromEnvironment, type Credentials } from '@vitrine/mlflow';

/** What the command line takes from the environment. */
export interface Environment {
  /** Empty: the local registry. */
  trackingUri: string;
  registryDir: string;
  /** For an MLflow server that asks who calls. */
  credentials?: Credentials;
  /** Backbones, features and downloaded models: may be deleted at any time. */
  cacheDir: string;
}

/** The project's root, from `datascience/training/{src,dist}`. */
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/**
 * Reads `MLFLOW_TRACKING_URI` (with MLflow's own variables for credentials), `REGISTRY_DIR` and `CACHE_DIR` as the API does: the environment wins over `.env.local`,
 * which wins over `.env`; relative paths are relative to the project's root.
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env, root = ROOT): Environment {
  const values = { ...readEnvFile(join(root, '.env')), ...readEnvFile(join(root, '.env.local')), ...env };
  const path = (value: string | undefined, fallback: string) => {
    const chosen = value === undefined || value === '' ? fallback : value;
    return isAbsolute(chosen) ? chosen : join(root, chosen);
  };
  return {
    trackingUri: values.MLFLOW_TRACKING_URI ?? '',
    credentials: credentialsFromEnvironment(values),
    registryDir: path(values.REGISTRY_DIR, 'data/registry'),
    cacheDir: path(values.CACHE_DIR, 'data/cache'),
  };
}

function readEnvFile(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** How the command line reaches a running API. */
export interface ApiAccess {
  url: string;
  /** Null where someone logs in. */
  token: string | null;
  /** The first administrator. */
  username: string;
  /** @throws Error where there is none for whoever logs in; the first administrator where nobody is named */
  password(username?: string): string;
}

/** Reads `VITRINE_API_TOKEN`, `VITRINE_API_PASSWORD`, and the first administrator as `start.sh` left it. */
export function readApiAccess(env: NodeJS.ProcessEnv = process.env, root = ROOT): ApiAccess {
  const values = { ...readEnvFile(join(root, '.env')), ...readEnvFile(join(root, '.env.local')), ...env };
  const admin = values.FIRST_ADMINUSER || 'admin@vitrine.local';
  return {
    url: `http://localhost:${values.PORT || '8010'}`,
    token: values.VITRINE_API_TOKEN || null,
    username: admin,
    password: (username = admin) => {
      const own = username === admin ? values.FIRST_ADMINUSER_PASSWORD : undefined;
      const password = values.VITRINE_API_PASSWORD || own;
      if (!password) throw new Error(`VITRINE_API_PASSWORD must hold the password of ${username}`);
      return password;
    },
  };
}
