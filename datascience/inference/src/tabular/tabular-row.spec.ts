import { readCode, readNumber, readText } from './tabular-row.js';

describe('raw values', () => {
  it.each([
    [12.5, 12.5],
    ['12.5', 12.5],
    [' 12,5 ', 12.5],
    ['1 200', 1200],
    ['1\u00a0200,50', 1200.5],
    ['-3', -3],
    ['1e3', 1000],
    [7n, 7],
    ['nan', NaN],
    ['NaN', NaN],
    ['', NaN],
    [null, NaN],
    [undefined, NaN],
    [NaN, NaN],
    [Infinity, NaN],
    ['1e999', NaN],
    ['0x10', NaN],
    ['1,200,300', NaN],
    ['12 €', NaN],
    [true, NaN],
    [[5], NaN],
    [{ valueOf: () => 5 }, NaN],
    ['9'.repeat(10_000), NaN],
  ])('reads %p as the number %p', (value, expected) => {
    expect(readNumber({ value }, 'value')).toBe(expected);
  });

  it.each([
    ['Un vase', 'Un vase'],
    [' nan ', null],
    ['None', null],
    ['', null],
    [12, '12'],
    [NaN, null],
    [['a'], null],
    [true, null],
  ])('reads %p as the text %p', (value, expected) => {
    expect(readText({ value }, 'value')).toBe(expected);
  });

  it('bounds a text', () => {
    expect(readText({ value: 'a'.repeat(1_000_000) }, 'value')).toHaveLength(20_000);
  });

  it.each([
    ['  Mobilier -  Déco ', 'mobilier - déco'],
    [1, '1'],
    ['1', '1'],
    ['1.0', '1'],
    ['ﬁne', 'fine'],
    ['null', null],
    [undefined, null],
  ])('reads %p as the code %p', (value, expected) => {
    expect(readCode({ value }, 'value')).toBe(expected);
  });

  it('reads own fields only', () => {
    expect(readText({}, 'constructor')).toBeNull();
    expect(readNumber(JSON.parse('{"__proto__":{"a":1}}') as Record<string, unknown>, 'a')).toBeNaN();
  });
});
