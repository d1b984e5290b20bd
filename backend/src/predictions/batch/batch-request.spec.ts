import { readBatchRequest } from './batch-request.js';

const lines = (text: string, max = 10) => readBatchRequest(Buffer.from(text), max);

describe('readBatchRequest', () => {
  it('takes lines apart, blank ones left out', () => {
    const { items, isNdjson } = lines('{"a":1}\n\r\n \t\n[2]\r\n"é"');
    expect(isNdjson).toBe(true);
    expect(items.map((read) => read())).toEqual([{ a: 1 }, [2], 'é']);
  });

  it('blames a broken line alone', () => {
    const { items } = lines('{"a":1}\n{oops\n{"a":2}');
    expect(items[0]!()).toEqual({ a: 1 });
    expect(() => items[1]!()).toThrow(expect.objectContaining({ code: 'invalid-json' }));
    expect(items[2]!()).toEqual({ a: 2 });
  });

  it.each(['', '\n', '\n \r\n'])('is empty: %j', (text) =>
    expect(() => lines(text)).toThrow(expect.objectContaining({ code: 'batch-empty' })),
  );

  it('counts items', () => {
    expect(lines('1\n2\n', 2).items).toHaveLength(2);
    expect(() => lines('1\n2\n3', 2)).toThrow(expect.objectContaining({ code: 'batch-too-large' }));
    expect(() => readBatchRequest([1, 2, 3], 2)).toThrow(
      expect.objectContaining({ code: 'batch-too-large' }),
    );
    expect(() => readBatchRequest([], 2)).toThrow(expect.objectContaining({ code: 'batch-empty' }));
  });

  it.each([{}, 'text', 1, null, undefined])('wants an array: %j', (body) =>
    expect(() => readBatchRequest(body, 2)).toThrow(expect.objectContaining({ code: 'validation-failed' })),
  );
});
