import fc from 'fast-check';
import type { FieldError } from '../../common/errors/app.error.js';
import { hasText, pointerTo, readProductFields } from './product-query.js';

function read(fields: Record<string, unknown>, source: 'json' | 'text' = 'json') {
  const errors: FieldError[] = [];
  return { query: readProductFields(fields, source, errors), pointers: errors.map(({ pointer }) => pointer) };
}

describe('readProductFields', () => {
  it('reads what there is', () => {
    expect(read({ designation: 'a', description: null, limit: 3 })).toEqual({
      query: { designation: 'a', description: null, image: null, limit: 3 },
      pointers: [],
    });
  });

  it('reads numbers from texts only where there are no others', () => {
    expect(read({ limit: '3' }, 'text').query.limit).toBe(3);
    expect(read({ limit: '3' }, 'json').pointers).toEqual(['#/limit']);
  });

  it('takes whole numbers of at least 1 for a limit, and nothing else', () => {
    fc.assert(
      fc.property(fc.anything(), (limit) => {
        const { query, pointers } = read({ limit });
        if (limit === null || limit === undefined) expect(query.limit).toBeNull();
        else if (Number.isSafeInteger(limit) && (limit as number) >= 1) expect(query.limit).toBe(limit);
        else expect(pointers).toEqual(['#/limit']);
      }),
    );
  });

  it('tells every fault at once, whatever the fields are', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (fields) => {
        const known = ['designation', 'description', 'limit', 'image'];
        const unknown = Object.keys(fields).filter((name) => !known.includes(name));
        expect(read(fields).pointers).toEqual(expect.arrayContaining(unknown.map(pointerTo)));
      }),
    );
  });
});

describe('hasText', () => {
  it.each([
    [null, null, false],
    ['', ' \n\u00a0', false],
    ['a', null, true],
    [null, 'a', true],
  ])('%j, %j: %s', (designation, description, expected) =>
    expect(hasText({ designation, description })).toBe(expected),
  );
});
