import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64urlDecode, base64urlEncode } from '../../src/codec/base64url.js';
import { CodecError } from '../../src/errors.js';

test('agrees with the platform on every length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = base64urlEncode(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect(base64urlDecode(text)).toStrictEqual(new Uint8Array(bytes));
    }),
    { numRuns: 1000 },
  );
});

test('white space around the text is ignored', () => {
  expect(base64urlDecode('\n  AQID \r\n')).toStrictEqual(Uint8Array.of(1, 2, 3));
});

describe('one text for each byte string', () => {
  test('a text that is accepted is the one that encoding gives', () => {
    const character = fc.constantFrom(...'ABCYZabz0189-_+/= \u00e9');
    fc.assert(
      fc.property(fc.string({ unit: character, maxLength: 9 }), (text) => {
        let bytes: Uint8Array;
        try {
          bytes = base64urlDecode(text);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
          return;
        }
        expect(base64urlEncode(bytes)).toBe(text.trim());
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['padding', 'AQ==', 'invite is not base64url: unexpected character at position 3'],
    ['the other alphabet', 'a+b/', 'invite is not base64url: unexpected character at position 2'],
    ['white space inside', 'AQ ID', 'invite is not base64url'],
    ['a character beyond ASCII', 'AQI\u0144', 'invite is not base64url: unexpected character at position 4'],
    ['an impossible length', 'AQIDA', 'invite is not base64url: a character is missing or too many'],
    ['stray bits', 'AR', 'invite is not base64url: its last character carries stray bits'],
  ])('%s is refused', (_, text, message) => {
    expect(() => base64urlDecode(text, 'invite')).toThrow(message);
  });
});
