import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import type { AppConfig } from './app-config.js';
import { buildConfig } from './build-config.js';

/** The project's root: the nearest folder above this file that holds the workspace. */
export function findRootDir(from: string = dirname(fileURLToPath(import.meta.url))): string {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'pnpm-workspace.yaml'))) {
      return dir;
    }
    if (dir === dirname(dir)) {
      return process.cwd();
    }
  }
}

/** The environment over `.env.local` over `.env`; an empty variable of the environment counts as set. */
export function readEnvironment(rootDir: string): Record<string, string | undefined> {
  const files = ['.env', '.env.local'].map((name) => join(rootDir, name));
  const fromFiles = files
    .filter((file) => existsSync(file))
    .map((file) => parseEnv(readFileSync(file, 'utf8')));
  return Object.assign({}, ...fromFiles, process.env) as Record<string, string | undefined>;
}

/**
 * Reads and validates the configuration of this process.
 *
 * @throws ConfigError with every bad key
 */
export function loadConfig(rootDir: string = findRootDir()): AppConfig {
  return buildConfig(readEnvironment(rootDir), rootDir);
}
