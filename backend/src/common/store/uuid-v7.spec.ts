import { uuidV7 } from './uuid-v7.js';

describe('uuidV7', () => {
  it('has the form of RFC 9562: time, version, variant', () => {
    // The time of the example in appendix A.6.
    expect(uuidV7(0x017f22e279b0)).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuidV7(0)).toMatch(/^00000000-0000-7/);
  });

  it('never repeats itself, and sorts by time', () => {
    const ids = Array.from({ length: 20_000 }, () => uuidV7(1_000));
    expect(new Set(ids).size).toBe(ids.length);
    expect(uuidV7(1_001) > ids.sort().at(-1)!).toBe(true);
  });
});
