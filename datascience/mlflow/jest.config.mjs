import { preset } from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'mlflow',
  rootDir: '.',
  roots: ['<rootDir>/src'],
  globalSetup: '<rootDir>/src/test-support/global-setup.ts',
};
