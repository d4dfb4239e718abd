import { runInNewContext } from 'node:vm';
import { encode as cborgEncode } from 'cborg';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CborValue, decodeCbor, encodeCbor } from '../../src/codec/cbor.js';
import { MAX_ITEMS } from '../../src/codec/cbor-scan.js';
import { CodecError } from '../../src/errors.js';
import { MAX_MEMBERS } from '../../src/mesh/limits.js';
import { cborValue, mutated } from './arbitraries.js';
import { type ReferenceValue, referenceDecode } from './reference-cbor.js';

const ANY_SIZE = { maxBytes: 1 << 24 };
const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

/** The decoder's value, or undefined where it refuses; anything but a CodecError is a crash. */
function decoded(bytes: Uint8Array): CborValue | undefined {
  try {
    return decodeCbor(bytes, ANY_SIZE);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

function withNumbers(value: ReferenceValue | undefined): CborValue | undefined {
  if (typeof value === 'bigint') return Number(value);
  return Array.isArray(value) ? value.map((element) => withNumbers(element) as CborValue) : value;
}

describe('the profile', () => {
  test('every value survives encoding and decoding', () => {
    fc.assert(
      fc.property(cborValue, (value) => {
        expect(decodeCbor(encodeCbor(value), ANY_SIZE)).toStrictEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  test('whatever is accepted is the one encoding of its value, and an independent decoder agrees on every verdict', () => {
    const encoding = cborValue.map(encodeCbor);
    const inputs = fc.oneof(mutated(encoding), encoding, fc.uint8Array({ maxLength: 40 }));
    let accepted = 0;
    fc.assert(
      fc.property(inputs, (bytes) => {
        const value = decoded(bytes);
        expect(value).toStrictEqual(withNumbers(referenceDecode(bytes)));
        if (value === undefined) return;
        accepted++;
        expect(new Uint8Array(cborgEncode(value))).toStrictEqual(new Uint8Array(bytes));
      }),
      { numRuns: 8000 },
    );
    expect(accepted).toBeGreaterThan(800);
  });

  test.each([
    ['00', 0],
    ['17', 23],
    ['1818', 24],
    ['1903e8', 1000],
    ['1a000f4240', 1_000_000],
    ['1b000000e8d4a51000', 1_000_000_000_000],
    ['40', new Uint8Array(0)],
    ['4401020304', Uint8Array.of(1, 2, 3, 4)],
    ['60', ''],
    ['62c3bc', '\u00fc'],
    ['64f0908591', '\u{10151}'],
    ['80', []],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
    ['f4', false],
    ['f5', true],
    ['f6', null],
  ] as const)('RFC 8949 appendix A: %s', (hex, value) => {
    expect(decodeCbor(fromHex(hex), ANY_SIZE)).toStrictEqual(value);
    expect(encodeCbor(value)).toStrictEqual(fromHex(hex));
  });
});

describe('non-canonical, deep, oversized or duplicated CBOR is refused without a crash', () => {
  test.each([
    ['nothing', '', 'the end where an item should start'],
    ['a negative integer', '20', 'a negative integer'],
    ['a map', 'a0', 'a map'],
    ['a map with a duplicate key', 'a201020103', 'a map'],
    ['a tag', 'c000', 'a tag'],
    ['undefined', 'f7', 'a float or a simple value'],
    ['a simple value', 'f820', 'a float or a simple value'],
    ['false in two bytes', 'f814', 'a float or a simple value'],
    ['a half-precision float', 'f93c00', 'a float or a simple value'],
    ['a break', 'ff', 'a float or a simple value'],
    ['an indefinite byte string', '5f4101ff', 'an indefinite length'],
    ['an indefinite text', '7f6161ff', 'an indefinite length'],
    ['an indefinite array', '9f01ff', 'an indefinite length'],
    ['a reserved head', '1c', 'a reserved head'],
    ['a small integer in two bytes', '1817', 'a number in more bytes than it needs'],
    ['a byte in three bytes', '1900ff', 'a number in more bytes than it needs'],
    ['two bytes in five', '1a0000ffff', 'a number in more bytes than it needs'],
    ['four bytes in nine', '1b00000000ffffffff', 'a number in more bytes than it needs'],
    ['a length in more bytes than it needs', '580100', 'a number in more bytes than it needs'],
    ['2^53', '1b0020000000000000', 'a number of 2^53 or more'],
    ['2^64 - 1', '1bffffffffffffffff', 'a number of 2^53 or more'],
    ['a head cut off', '19ff', 'a head that is cut off'],
    ['an item twice', '0000', 'more than one item'],
    ['an array short of an element', '8201', 'a length beyond the end'],
    ['a byte string of 2^53 - 1 bytes', '5b001fffffffffffff', 'a length beyond the end'],
    ['an array of 2^32 - 1 elements', '9affffffff00', 'a length beyond the end'],
    ['text in normalization form D', '6375cc88', 'not in normalization form C'],
    ['text with invalid UTF-8', '61ff', 'not valid UTF-8'],
    ['text with an overlong character', '62c0af', 'not valid UTF-8'],
    ['text with half a surrogate pair', '63eda080', 'not valid UTF-8'],
    ['text with a surrogate pair in two characters', '66eda080edb080', 'not valid UTF-8'],
    ['text that begins with a byte order mark', '64efbbbf61', 'begins with a byte order mark'],
  ])('%s', (_, hex, found) => {
    expect(() => decodeCbor(fromHex(hex), { maxBytes: 100, what: 'gift' })).toThrow(CodecError);
    expect(() => decodeCbor(fromHex(hex), { maxBytes: 100, what: 'gift' })).toThrow(/^gift is not canonical CBOR: /);
    expect(() => decodeCbor(fromHex(hex), { maxBytes: 100 })).toThrow(found);
  });

  test('arrays nest eight deep and no deeper, empty ones included', () => {
    const nested = (depth: number) => [...Array(depth - 1).fill(0x81), 0x80];
    expect(decoded(Uint8Array.from(nested(8)))).toStrictEqual([[[[[[[[]]]]]]]]);
    expect(() => decodeCbor(Uint8Array.from(nested(9)), ANY_SIZE)).toThrow('arrays nested more than 8 deep at byte 9');
    expect(decoded(Uint8Array.from([0x82, ...nested(7), ...nested(7)]))).toBeDefined();
    expect(decoded(Uint8Array.from([0x82, ...nested(7), ...nested(8)]))).toBeUndefined();
  });

  test('a million open arrays are refused without recursion', () => {
    expect(decoded(new Uint8Array(1_000_000).fill(0x81))).toBeUndefined();
  });

  test('more items than any format has are refused before memory is taken for them', () => {
    const nulls = (count: number) => {
      const bytes = new Uint8Array(5 + count).fill(0xf6);
      bytes[0] = 0x9a;
      new DataView(bytes.buffer).setUint32(1, count);
      return bytes;
    };
    expect(decoded(nulls(MAX_ITEMS - 1))).toHaveLength(MAX_ITEMS - 1);
    expect(() => decodeCbor(nulls(MAX_ITEMS), ANY_SIZE)).toThrow('more than 524288 items at byte 524292');
    expect(MAX_ITEMS).toBeGreaterThan(1 + 4 * MAX_MEMBERS);
  });

  test('more bytes than allowed are refused before they are looked at', () => {
    expect(() => decodeCbor(new Uint8Array(11), { maxBytes: 10, what: 'frame' })).toThrow(
      'frame is 11 bytes long, and at most 10 are allowed',
    );
    expect(decodeCbor(fromHex('49000000000000000000'), { maxBytes: 10 })).toHaveLength(9);
  });

  test('something that is no byte array at all is refused', () => {
    expect(() => decodeCbor('00' as unknown as Uint8Array, ANY_SIZE)).toThrow('the input must be a Uint8Array');
  });
});

describe('encoding', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const sparse = [1, 2, 3];
  delete sparse[1];

  test.each([
    ['a negative number', -1, 'value is a number, but not an integer from 0 to 2^53 - 1'],
    ['negative zero', -0, 'value is a number, but not'],
    ['a fraction', 0.5, 'value is a number, but not'],
    ['2^53', 2 ** 53, 'value is a number, but not'],
    ['not a number', Number.NaN, 'value is a number, but not'],
    ['a bigint', 1n, 'value is none of'],
    ['undefined', undefined, 'value is none of'],
    ['an object', { a: 1 }, 'value is none of'],
    ['a map', new Map(), 'value is none of'],
    ['another typed array', new Uint16Array(2), 'value is none of'],
    ['a hole in an array', sparse, 'value[1] is none of'],
    ['something deep inside', [[0, [null, -5]]], 'value[0][1][1] is a number'],
    ['text in normalization form D', ['u\u0308'], 'value[0] is text that is not in normalization form C'],
    ['half a surrogate pair', '\ud800', 'value is text with a lone surrogate'],
    ['a byte order mark in front', '\ufeffa', 'value is text that begins with a byte order mark'],
    ['an array inside itself', cyclic, 'value[0][0][0][0][0][0][0][0] is an array nested more than 8 deep'],
  ])('refuses %s and says where it is', (_, value, message) => {
    expect(() => encodeCbor(value as CborValue)).toThrow(CodecError);
    expect(() => encodeCbor(value as CborValue)).toThrow(message);
  });

  test('gives memory of its own, and decoding gives copies', () => {
    for (const size of [0, 10, 300, 5000, 100_000]) {
      const encoded = encodeCbor([new Uint8Array(size)]);
      expect(encoded.constructor).toBe(Uint8Array);
      expect(encoded.buffer.byteLength).toBe(encoded.length);
      const [bytes] = decodeCbor(encoded, ANY_SIZE) as [Uint8Array];
      encoded.fill(1);
      expect(bytes).toStrictEqual(new Uint8Array(size));
    }
  });

  test('byte arrays of another realm are decoded, and never encoded as something else', () => {
    const foreign = runInNewContext('Uint8Array.of(0x81, 0x41, 0x07)') as Uint8Array;
    expect(foreign).not.toBeInstanceOf(Uint8Array);
    expect(decodeCbor(foreign, ANY_SIZE)).toStrictEqual([Uint8Array.of(7)]);
    expect(() => encodeCbor([foreign])).toThrow('value[0] is a byte array of another realm');
  });
});
