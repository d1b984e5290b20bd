export { parseModelUri, resolveVersion, type ModelUri } from './model-uri.js';
export { openModelStore } from './open-store.js';
export * from './store.js';
