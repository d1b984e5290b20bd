import { preset } from '../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'backend',
  rootDir: '.',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  // One real Postgres for all test files; see test/support.
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  moduleNameMapper: {
    ...preset.moduleNameMapper,
    '^@vitrine/(inference|mlflow|training)$': '<rootDir>/../datascience/$1/src/index.ts',
  },
};
