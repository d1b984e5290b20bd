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
    // vega's modules await at their top level, which CommonJS cannot; its bundle is the same code without.
    '^vega$': '<rootDir>/node_modules/vega/build/vega.js',
    '^@vitrine/(inference|mlflow|training)$': '<rootDir>/../datascience/$1/src/index.ts',
  },
};
