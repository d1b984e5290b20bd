export * from './package/manifest.js';
export * from './predictor.js';
