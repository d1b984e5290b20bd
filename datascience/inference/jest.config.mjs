import { preset } from '../../jest.preset.mjs';

export default { ...preset, displayName: 'inference', rootDir: '.', roots: ['<rootDir>/src'] };
