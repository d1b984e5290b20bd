/** The words that a category's designations and descriptions are made of (phrases of `phrase-grammar.ts`). */
export interface DemoCategory {
  id: number;
  label: string;
  /** Categories that it is taken for: they lend it a phrase or a drawing now and then. */
  neighbours: readonly number[];
  /** What is sold. */
  products: readonly string[];
  /** What may follow the name: material, number, size, state. */
  details: readonly string[];
  /** Invented makers. */
  brands: readonly string[];
  /** Sentences of descriptions. */
  sentences: readonly string[];
}
