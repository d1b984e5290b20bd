/**
 * The arithmetic of features and probabilities alone, without decoders and runtimes: what a training thread loads, in a
 * millisecond instead of 150.
 */
export * from './common/softmax.js';
export { inverseDocumentFrequency, SparseRow, termFrequencyWeight } from './text/tf-idf.js';
