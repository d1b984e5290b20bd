import { resolve } from 'node:path';
import type { EnvDto } from './env.dto.js';

/** What any process needs, and what finds the way through a company's network. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL', 'NODE_EXTRA_CA_CERTS', 'CACHE_DIR'];
const INHERITED_PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
/** Where models are registered, and as whom. */
const REGISTRY_KEYS = [
  'MLFLOW_TRACKING_URI',
  'MLFLOW_TRACKING_USERNAME',
  'MLFLOW_TRACKING_PASSWORD',
  'MLFLOW_TRACKING_TOKEN',
] as const;

/**
 * The environment of the command line that trains: the same registry as the server's, and none of its other secrets.
 * Every key of the registry is set, for the command line would read a missing one from the project's files.
 */
export function buildTrainingEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  env: EnvDto,
  rootDir: string,
): Record<string, string> {
  const inherited = [...INHERITED, ...INHERITED_PROXIES].flatMap((key) => {
    const value = environment[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    ...Object.fromEntries(REGISTRY_KEYS.map((key) => [key, env[key] ?? ''])),
    REGISTRY_DIR: resolve(rootDir, env.REGISTRY_DIR),
  };
}
