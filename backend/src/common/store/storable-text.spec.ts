import fc from 'fast-check';
import { toStorableText } from './storable-text.js';

describe('toStorableText', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['a\0b', 'a\uFFFDb'],
    ['\ud83d', '\uFFFD'],
    ['\udcda\ud83d', '\uFFFD\uFFFD'],
    ['📚 é', '📚 é'],
  ])('%j', (text, expected) => expect(toStorableText(text)).toBe(expected));

  it('always gives UTF-8 without NUL, of the same length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const clean = toStorableText(a + b);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean).not.toContain('\0');
        expect(clean).toHaveLength(a.length + b.length);
      }),
    );
  });
});
