import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { createApp } from '../../src/app.factory.js';
import type { AppConfig } from '../../src/config/app-config.js';
import { buildConfig } from '../../src/config/build-config.js';
import { ApiClient } from './api-client.js';
import type { TestDatabase } from './test-database.js';
import { createTestDatabase } from './test-database.js';

export const ADMIN_EMAIL = 'admin@example.org';
export const ADMIN_PASSWORD = 'correct horse battery';
export const SECRET_KEY = 'a key for tests alone, long enough for HS256';

/** The whole application, listening on a port of its own, with its own database and folders. */
export interface TestApp {
  app: NestFastifyApplication;
  config: AppConfig;
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** Temporary folder that `data/registry` and `data/models` are in; removed at the end. */
  dir: string;
  database: TestDatabase;
  /** Calls without a token. */
  client: ApiClient;
  /** Logs the first administrator in. */
  admin(): Promise<ApiClient>;
  /** Makes an account and logs it in. */
  user(email: string, options?: { password?: string; isAdmin?: boolean }): Promise<ApiClient>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  /** Environment variables over those of the tests. */
  env?: Readonly<Record<string, string>>;
  /** Another database than a fresh one; it is not dropped. */
  databaseUrl?: string;
  logger?: Logger;
}

/** Boots the whole application over HTTP on a random port. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const dir = await mkdtemp(join(tmpdir(), 'vitrine-test-'));
  const database = await createTestDatabase();
  const config = buildConfig(
    {
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: options.databaseUrl ?? database.url,
      DATABASE_POOL_SIZE: '5',
      SECRET_KEY,
      FIRST_ADMINUSER: ADMIN_EMAIL,
      FIRST_ADMINUSER_PASSWORD: ADMIN_PASSWORD,
      MODELS_REFRESH_INTERVAL_MS: '0',
      PIPELINES_WORKER: 'off',
      ...options.env,
    },
    dir,
  );
  const app = await createApp({ config, logger: options.logger });
  await app.listen(0, '127.0.0.1').catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  const url = await app.getUrl();
  const client = new ApiClient(url);
  const admin = (): Promise<ApiClient> => client.login(ADMIN_EMAIL, ADMIN_PASSWORD);
  return {
    app,
    config,
    url,
    dir,
    database,
    client,
    admin,
    user: async (email, { password = 'a password of eight', isAdmin = false } = {}) => {
      const body = { email, password, is_admin: isAdmin };
      await (await admin()).send('POST', '/api/v1/users', { json: body });
      return client.login(email, password);
    },
    close: async () => {
      await app.close();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
