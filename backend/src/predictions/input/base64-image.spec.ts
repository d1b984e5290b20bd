import fc from 'fast-check';
import { decodeBase64Image } from './base64-image.js';

describe('decodeBase64Image', () => {
  it('gives back what was encoded, with or without prefix, padding and line breaks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        for (const form of [
          text,
          text.replace(/=+$/, ''),
          `data:image/png;base64,${text}`,
          text.replace(/.{1,76}/g, '$&\n'),
        ]) {
          expect([...decodeBase64Image(form, 300)]).toEqual([...bytes]);
        }
      }),
    );
  });

  it.each([5, null, {}, 'a*b', 'abcde', 'ab=cd', 'data:image/png,abcd', 'YQ===', '-_-_'])(
    'refuses %j',
    (value) => {
      expect(() => decodeBase64Image(value, 100)).toThrow(
        expect.objectContaining({
          code: 'validation-failed',
          errors: [{ pointer: '#/image', detail: expect.any(String) }],
        }),
      );
    },
  );

  it('knows the size before it decodes', () => {
    const text = Buffer.alloc(100).toString('base64');
    expect(decodeBase64Image(text, 100)).toHaveLength(100);
    expect(() => decodeBase64Image(text, 99)).toThrow(expect.objectContaining({ code: 'image-too-large' }));
    expect(() => decodeBase64Image('*'.repeat(1000), 100)).toThrow(
      expect.objectContaining({ code: 'image-too-large' }),
    );
  });
});
