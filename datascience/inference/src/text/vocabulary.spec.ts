import { Vocabulary } from './vocabulary.js';

describe('Vocabulary', () => {
  it('numbers entries in order of arrival and finds them again after growing', () => {
    const vocabulary = new Vocabulary();
    const hashes = Uint32Array.from({ length: 5_000 }, (_, i) => Math.imul(i, 0x9e3779b1));
    hashes.forEach((hash, i) => expect(vocabulary.add(hash)).toBe(i));
    hashes.forEach((hash, i) => expect(vocabulary.find(hash)).toBe(i));
    expect(vocabulary.add(hashes[17]!)).toBe(17);
    expect(vocabulary.size).toBe(5_000);
    expect(vocabulary.toHashes()).toEqual(hashes);
  });

  it('tells hashes apart that fall into the same slot, 0 and the highest among them', () => {
    const hashes = Uint32Array.of(0, 0x10000, 0x20000, 0xffff_ffff, 0xffff, 0x8000_0000);
    const vocabulary = Vocabulary.fromHashes(hashes);
    expect([...hashes].map((hash) => vocabulary.find(hash))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(vocabulary.find(0x30000)).toBe(-1);
    expect(vocabulary.toHashes()).toEqual(hashes);
  });

  it('holds nothing at first', () => {
    expect(new Vocabulary().find(0)).toBe(-1);
    expect(new Vocabulary().toHashes()).toHaveLength(0);
  });

  it('refuses a list that names an entry twice', () => {
    expect(() => Vocabulary.fromHashes(Uint32Array.of(1, 2, 1))).toThrow('Entry 2 occurs twice');
  });
});
