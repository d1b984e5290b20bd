import { Random } from '../../common/random.js';
import { expandPhrase, phrases } from './phrase-grammar.js';

const lists = { colours: ['rouge', 'vert {clair|foncé}'] };
const expand = (phrase: string, seed = 1) => expandPhrase(phrase, lists, new Random(seed));

describe('phrases', () => {
  it('splits at semicolons and newlines', () => {
    expect(phrases('a b; c\n  d {x|y};\n\n e')).toEqual(['a b', 'c', 'd {x|y}', 'e']);
  });
});

describe('expandPhrase', () => {
  it('fills alternatives, ranges and lists', () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(expand('table {ronde|carrée|} {2-4} places', seed)).toMatch(
        /^table( ronde| carrée)? [234] places$/,
      );
      expect(expand('{@colours}', seed)).toMatch(/^(rouge|vert (clair|foncé))$/);
      expect(expand('{bleu|@colours}', seed)).toMatch(/^(bleu|rouge|vert (clair|foncé))$/);
    }
  });

  it('gives the same words for the same seed', () => {
    expect(expand('{1-9999} {@colours}', 7)).toBe(expand('{1-9999} {@colours}', 7));
  });

  it('names a list that does not exist', () => {
    expect(() => expand('{@sizes}')).toThrow('No list is called @sizes');
  });
});
