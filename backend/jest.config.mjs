import { preset } from '../jest.preset.mjs';

export default {
  ...preset,
  displayName: 'backend',
  rootDir: '.',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  moduleNameMapper: {
    ...preset.moduleNameMapper,
    '^@vitrine/(inference|mlflow)$': '<rootDir>/../datascience/$1/src/index.ts',
  },
};
