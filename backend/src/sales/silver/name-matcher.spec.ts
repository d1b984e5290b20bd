import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { allowedEdits, NameMatcher } from './name-matcher.js';
import { scoreNames, type LabelledName } from './score-names.js';
import { vegetables } from './vegetables.data.js';

const file = join(import.meta.dirname, '../../../test/fixtures/sales/misspellings.csv');
const names = parse<LabelledName>(readFileSync(file), { columns: true });

describe('NameMatcher', () => {
  const matcher = new NameMatcher(vegetables);
  const nameOf = (raw: string) => matcher.match(raw).vegetable;

  it('knows at least 80 vegetables by every form in its dictionary', () => {
    expect(vegetables.length).toBeGreaterThanOrEqual(80);
    for (const [name, ...languages] of vegetables) {
      for (const form of languages.flatMap((forms) => forms.split('|'))) {
        expect([form, nameOf(form)]).toEqual([form, name]);
        expect([form, nameOf(form.toUpperCase())]).toEqual([form, name]);
      }
    }
  });

  it.each([
    ['Tomatto', 'tomato'],
    ['tomaot', 'tomato'],
    ['Brusselsprout', 'brussels sprout'],
    ['Brusel Sprout', 'brussels sprout'],
    ['Brussell Sprout', 'brussels sprout'],
    ['Peer', 'pear'],
    ['Poire', 'pear'],
    ['Pera', 'pear'],
    ['zanahoria', 'carrot'],
    ['pomme de terre', 'potato'],
    ['POMMES-DE-TERRE', 'potato'],
    ['  Chou   fleur ', 'cauliflower'],
    ['e\u0301chalote', 'shallot'],
  ])('takes %j for %s', (raw, vegetable) => {
    expect(matcher.match(raw)).toEqual({ vegetable, isKnown: true });
  });

  it('does not guess between two that are equally near', () => {
    const two = new NameMatcher([
      ['carrot', '', '', ''],
      ['garrot', '', '', ''],
    ]);
    expect(two.match('marrot')).toEqual({ vegetable: 'marrot', isKnown: false });
    expect(two.match('carrott').vegetable).toBe('carrot');
  });

  it('keeps unknown names under their own words', () => {
    expect(matcher.match('  Washing   POWDER ')).toEqual({ vegetable: 'washing powder', isKnown: false });
    expect(matcher.match('🥕')).toEqual({ vegetable: '🥕', isKnown: false });
  });

  it('allows no edit of three letters, and at most three of any number', () => {
    expect([3, 4, 7, 8, 12, 40].map(allowedEdits)).toEqual([0, 1, 1, 2, 3, 3]);
    expect(matcher.match('fib').isKnown).toBe(false);
  });

  it('refuses a dictionary in which a form means two things', () => {
    const ambiguous = () =>
      new NameMatcher([
        ['lime', '', '', 'lima'],
        ['lima bean', 'Lima', '', ''],
      ]);
    expect(ambiguous).toThrow('"Lima" stands for lime and for lima bean');
  });

  it('tells dictionaries apart', () => {
    expect(matcher.fingerprint).toBe(new NameMatcher(vegetables).fingerprint);
    expect(matcher.fingerprint).not.toBe(new NameMatcher(vegetables.slice(1)).fingerprint);
  });

  it('finds vegetables by a test set of misspellings', () => {
    const { precision, recall, spellings, exact, mistakes } = scoreNames(matcher, names);
    expect(spellings - exact).toBeGreaterThanOrEqual(400);
    expect(precision).toBeGreaterThanOrEqual(0.99);
    expect(recall).toBeGreaterThanOrEqual(0.98);
    expect(mistakes.length).toBeLessThanOrEqual(15);
  });
});
