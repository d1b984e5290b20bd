import { packArrays, unpackArrays } from './array-file.js';

const arrays = {
  bytes: Uint8Array.of(1, 2, 3),
  shorts: Int16Array.of(-1, 300),
  floats: Float32Array.of(0.5, -Infinity),
  none: new Uint32Array(),
};

function packed(): ArrayBuffer {
  return new Uint8Array(packArrays(arrays)).buffer;
}

describe('file of arrays', () => {
  it('gives back what was packed', () => {
    const file = unpackArrays(packed());
    expect(file.get('bytes', 'Uint8Array', 3)).toEqual(arrays.bytes);
    expect(file.get('shorts', 'Int16Array')).toEqual(arrays.shorts);
    expect(file.get('floats', 'Float32Array')).toEqual(arrays.floats);
    expect(file.get('none', 'Uint32Array', 0)).toHaveLength(0);
  });

  it('refuses an array of another name, type or length', () => {
    const file = unpackArrays(packed());
    expect(() => file.get('other', 'Uint8Array')).toThrow(RangeError);
    expect(() => file.get('bytes', 'Float32Array')).toThrow(RangeError);
    expect(() => file.get('bytes', 'Uint8Array', 4)).toThrow('no Uint8Array "bytes" of 4');
  });

  it('refuses a file that is cut off anywhere', () => {
    const whole = packed();
    // The last array is empty and the one before ends at a multiple of 8: every shorter file lacks something.
    for (let length = 0; length < whole.byteLength; length++) {
      expect(() => unpackArrays(whole.slice(0, length))).toThrow(RangeError);
    }
  });

  it.each([
    '{"a": {"type": "Uint8Array", "length": -1}}',
    '{"a": {"type": "constructor", "length": 1}}',
    '{"a":',
  ])('refuses the header %s', (header) => {
    const bytes = new Uint8Array(64);
    new DataView(bytes.buffer).setUint32(0, header.length, true);
    bytes.set(new TextEncoder().encode(header), 4);
    expect(() => unpackArrays(bytes.buffer)).toThrow(RangeError);
  });
});
