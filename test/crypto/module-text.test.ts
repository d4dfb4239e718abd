/** The text that carries a WebAssembly module, read back by the bytes of another one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeModuleText } from '../../src/crypto/module-text.js';

const character = (index: number) => String.fromCharCode(40 + index);

/** One byte, as `scripts/module-text.mjs` writes it. */
function asText(byte: number): string {
  if (byte < 86) return character(byte);
  return byte < 171 ? `!${character(byte - 86)}` : `#${character(byte - 171)}`;
}

const encode = (bytes: Uint8Array) => Array.from(bytes, asText).join('');

describe('The text of a module', () => {
  test('gives back every byte, alone and before and behind every other', () => {
    const bytes = Uint8Array.from({ length: 2 * 65536 }, (_, i) => (i % 2 === 0 ? i >> 9 : (i >> 1) & 0xff));
    expect(decodeModuleText(encode(bytes))).toEqual(bytes);
    for (let byte = 0; byte < 256; byte++) {
      expect(decodeModuleText(encode(Uint8Array.of(byte)))).toEqual(Uint8Array.of(byte));
    }
  });

  test('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (bytes) => {
        expect(decodeModuleText(encode(bytes))).toEqual(bytes);
      }),
    );
  });
});
