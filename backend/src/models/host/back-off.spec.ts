import { BackOff } from './back-off.js';

describe('BackOff', () => {
  const backOff = () => new BackOff({ baseMs: 100, maxMs: 350 });

  it('doubles the delay up to its bound', () => {
    const subject = backOff();
    expect([0, 1, 2, 3, 4].map(() => subject.fail('a', 1000))).toEqual([1100, 1200, 1350, 1350, 1350]);
  });

  it('waits for the failed key alone, and until its time', () => {
    const subject = backOff();
    subject.fail('a', 1000);
    expect(subject.isWaiting('a', 1099)).toBe(true);
    expect(subject.isWaiting('a', 1100)).toBe(false);
    expect(subject.isWaiting('b', 1000)).toBe(false);
  });

  it('starts anew for another key and after a reset', () => {
    const subject = backOff();
    subject.fail('a', 0);
    subject.fail('a', 0);
    expect(subject.fail('b', 0)).toBe(100);
    subject.reset();
    expect(subject.isWaiting('b', 0)).toBe(false);
    expect(subject.fail('b', 0)).toBe(100);
  });
});
