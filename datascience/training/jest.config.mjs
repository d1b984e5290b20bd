import { preset } from '../../jest.preset.mjs';

export default { ...preset, displayName: 'training', rootDir: '.', roots: ['<rootDir>/src'] };
