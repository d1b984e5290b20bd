import type { NameMatcher } from './name-matcher.js';

/** A spelling and the vegetable it means; an empty one where it means none that is known. */
export interface LabelledName {
  spelling: string;
  vegetable: string;
}

export interface NameScores {
  /** Share of those taken for a vegetable that are it. */
  precision: number;
  /** Share of those that are a vegetable that are taken for it. */
  recall: number;
  spellings: number;
  /** How many needed no nearest form. */
  exact: number;
  mistakes: (LabelledName & { found: string | null })[];
}

/** How well vegetables are found by the spellings of a test set. */
export function scoreNames(matcher: NameMatcher, names: readonly LabelledName[]): NameScores {
  const found = names.map(({ spelling }) => matcher.match(spelling));
  const mistakes = names.flatMap((name, i) => {
    const answer = found[i]!.isKnown ? found[i]!.vegetable : null;
    return answer === (name.vegetable || null) ? [] : [{ ...name, found: answer }];
  });
  const isVegetable = names.filter(({ vegetable }) => vegetable !== '').length;
  const taken = found.filter(({ isKnown }) => isKnown).length;
  const right = names.filter(
    ({ vegetable }, i) => found[i]!.isKnown && found[i]!.vegetable === vegetable,
  ).length;
  return {
    precision: right / taken,
    recall: right / isVegetable,
    spellings: names.length,
    exact: names.filter(({ spelling }) => matcher.hasForm(spelling)).length,
    mistakes,
  };
}
