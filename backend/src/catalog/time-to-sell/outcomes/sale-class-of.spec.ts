import { saleClassOf } from './sale-class-of.js';

describe('saleClassOf', () => {
  const thresholds = { fastMaxDays: 30, normalMaxDays: 120 };

  it.each([
    [0, 0],
    [30, 0],
    [30.01, 1],
    [120, 1],
    [120.5, 2],
    [36_500, 2],
  ])('takes %d days for class %d', (days, saleClass) => {
    expect(saleClassOf(days, thresholds)).toBe(saleClass);
  });
});
