import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConfig } from './build-config.js';
import { buildEnvReference } from './build-env-reference.js';
import { ConfigError } from './config.error.js';
import { EnvDto } from './env.dto.js';
import { listEnvKeys } from './env-key.decorator.js';
import { loadConfig, readEnvironment } from './load-config.js';

const failure = (env: Record<string, string>): string => {
  try {
    buildConfig(env, '/project');
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
};

describe('buildConfig', () => {
  it('has a default for everything outside production', () => {
    const config = buildConfig({}, '/project');

    expect(config.server.port).toBe(8010);
    expect(config.models.registryDir).toBe('/project/data/registry');
    expect(config.predict.imageMaxBytes).toBe(10 * 1024 * 1024);
    expect(config.database.url).toBeNull();
    expect(config.auth.secretKey).toHaveLength(43);
    expect(config.auth.isSecretKeyEphemeral).toBe(true);
  });

  it('reads numbers, flags and lists; empty counts as unset', () => {
    const config = buildConfig(
      {
        PORT: ' 9000 ',
        DATABASE_MIGRATE: 'FALSE',
        CORS_ORIGINS: 'https://a.test, https://b.test',
        HOST: '',
        TRUST_PROXY: '2',
      },
      '/project',
    );

    expect(config.server).toMatchObject({
      port: 9000,
      host: '0.0.0.0',
      corsOrigins: ['https://a.test', 'https://b.test'],
      trustProxy: 2,
    });
    expect(config.database.migrate).toBe(false);
  });

  it('names every bad key and never a value', () => {
    const message = failure({
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      SECRET_KEY: 'too short',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      FIRST_ADMINUSER: 'nobody',
    });

    for (const key of ['PORT', 'LOG_LEVEL', 'SECRET_KEY', 'DATABASE_URL', 'FIRST_ADMINUSER']) {
      expect(message).toContain(key);
    }
    expect(message).not.toMatch(/eighty|loud|too short|hunter2|nobody/);
  });

  it('needs its secrets in production', () => {
    const message = failure({ NODE_ENV: 'production' });

    expect(message).toMatch(/DATABASE_URL must be set/);
    expect(message).toMatch(/SECRET_KEY must be set/);
    expect(message).toMatch(/FIRST_ADMINUSER_PASSWORD must be set/);
    expect(
      failure({
        NODE_ENV: 'production',
        DATABASE_URL: 'postgres://u:p@db/x',
        SECRET_KEY: 'k'.repeat(32),
        FIRST_ADMINUSER_PASSWORD: 'a good password',
      }),
    ).toBe('');
  });

  it('cannot be changed afterwards', () => {
    const config = buildConfig({}, '/project') as { server: { port: number } };

    expect(() => {
      config.server.port = 1;
    }).toThrow(TypeError);
  });
});

describe('loadConfig', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'vitrine-config-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
    delete process.env.PROJECT_NAME;
  });

  it('lets .env.local win over .env, and the environment over both', () => {
    writeFileSync(join(dir, '.env'), 'PROJECT_NAME=one\nMODELS_ALIAS=one\nMODELS_TEXT_NAME=one\n');
    writeFileSync(join(dir, '.env.local'), '# a comment\nPROJECT_NAME=two\nMODELS_ALIAS="two"\n');
    process.env.PROJECT_NAME = 'three';

    const config = loadConfig(dir);

    expect([config.projectName, config.models.alias, config.models.textName]).toEqual([
      'three',
      'two',
      'one',
    ]);
  });

  it('works without any file', () => {
    expect(readEnvironment(dir).PATH).toBe(process.env.PATH);
  });
});

describe('the reference of the environment', () => {
  it('documents every key', () => {
    const documented = new Set(listEnvKeys().map(({ name }) => name));

    expect(Object.keys(new EnvDto()).filter((key) => !documented.has(key))).toEqual([]);
    for (const { name, doc } of listEnvKeys()) {
      expect(doc).toMatch(/\.$/);
      expect(buildEnvReference()).toContain(`| \`${name}\` |`);
    }
  });
});
