import { preset } from '../../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'training',
  rootDir: '.',
  roots: ['<rootDir>/src'],
  moduleNameMapper: {
    ...preset.moduleNameMapper,
    '^@vitrine/inference/features$': '<rootDir>/../inference/src/features.ts',
    // vega's modules await at their top level, which CommonJS cannot; its bundle is the same code without.
    '^vega$': '<rootDir>/node_modules/vega/build/vega.js',
  },
};
