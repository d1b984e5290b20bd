import { integerAtLeast, shareBetween0And1 } from './arguments.js';

describe('shareBetween0And1', () => {
  it.each([
    ['0.95', 0.95],
    ['.5', 0.5],
    ['1e-3', 0.001],
  ])('reads %s', (text, value) => expect(shareBetween0And1(text)).toBe(value));

  it.each(['0', '1', '95', '-0.5', '', ' ', 'NaN', '0,95', '95 %', 'Infinity'])('refuses %j', (text) => {
    expect(() => shareBetween0And1(text)).toThrow('between 0 and 1');
  });
});

describe('integerAtLeast', () => {
  it('reads a whole number', () => expect(integerAtLeast(1)('12')).toBe(12));

  it.each(['0', '1.5', '', ' ', 'ten', '1e30'])('refuses %j', (text) => {
    expect(() => integerAtLeast(1)(text)).toThrow('whole number of at least 1');
  });
});
