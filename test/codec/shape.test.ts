import { describe, expect, test } from 'vitest';
import { type CborValue, encodeCbor } from '../../src/codec/cbor.js';
import {
  anything,
  arrayOf,
  bytesOf,
  bytesUpTo,
  decodeShape,
  encodeShape,
  items,
  nullable,
  oneOf,
  type Shape,
  type ShapeOf,
  textLike,
  textOf,
  uint,
} from '../../src/codec/shape.js';
import { CodecError } from '../../src/errors.js';

const MESSAGE = items({
  id: bytesOf(4),
  kind: oneOf('add', 'kick'),
  epoch: uint(),
  previous: nullable(bytesOf(4)),
  places: arrayOf(items({ stream: bytesUpTo(2), seq: uint(9) }), { max: 2 }),
  note: textOf({ min: 1, max: 5 }),
});
const VALUE: ShapeOf<typeof MESSAGE> = {
  id: Uint8Array.of(1, 2, 3, 4),
  kind: 'add',
  epoch: 7,
  previous: null,
  places: [{ stream: Uint8Array.of(9), seq: 9 }],
  note: 'hello',
};
const ARRAY: CborValue = [Uint8Array.of(1, 2, 3, 4), 'add', 7, null, [[Uint8Array.of(9), 9]], 'hello'];
const OPTIONS = { maxBytes: 1000, what: 'message' };

const read = <T>(shape: Shape<T>, value: CborValue) => decodeShape(shape, encodeCbor(value), OPTIONS);

describe('a table of items', () => {
  test('reads an array into an object with names, and writes it back in order', () => {
    expect(read(MESSAGE, ARRAY)).toStrictEqual(VALUE);
    expect(encodeShape(MESSAGE, VALUE, 'message')).toStrictEqual(encodeCbor(ARRAY));
  });

  test.each([
    ['too few items', (ARRAY as CborValue[]).slice(0, 5), 'message must be an array of 6 items'],
    ['too many items', [...(ARRAY as CborValue[]), null], 'message must be an array of 6 items'],
    ['no array', 'hello', 'message must be an array of 6 items'],
  ])('refuses %s', (_, value, message) => {
    expect(() => read(MESSAGE, value)).toThrow(new CodecError(message));
  });

  test.each([
    [0, new Uint8Array(5), 'message, item 1 (id) must be a byte string of 4 bytes'],
    [0, 'abcd', 'message, item 1 (id) must be a byte string of 4 bytes'],
    [1, 'rotate', 'message, item 2 (kind) must be one of "add", "kick"'],
    [2, '7', 'message, item 3 (epoch) must be an integer from 0 to 9007199254740991'],
    [3, new Uint8Array(3), 'message, item 4 (previous) must be a byte string of 4 bytes'],
    [4, [[], [], []], 'message, item 5 (places) must be an array of at most 2 elements'],
    [4, [[Uint8Array.of(9), 10]], 'message, item 5 (places), element 1, item 2 (seq) must be an integer from 0 to 9'],
    [4, [[new Uint8Array(3), 1]], 'element 1, item 1 (stream) must be a byte string of at most 2 bytes'],
    [5, '', 'message, item 6 (note) must be text of 1 to 5 characters'],
    [5, 'six...', 'message, item 6 (note) must be text of 1 to 5 characters'],
    [5, 5, 'message, item 6 (note) must be text of 1 to 5 characters'],
  ])('names the item that is wrong (%s: %s)', (index, wrong, message) => {
    const value = [...(ARRAY as CborValue[])];
    value[index] = wrong;
    expect(() => read(MESSAGE, value)).toThrow(message);
  });

  test('refuses to write what it would not read', () => {
    expect(() => encodeShape(MESSAGE, { ...VALUE, id: new Uint8Array(3) }, 'message')).toThrow(
      'message, item 1 (id) must be a byte string of 4 bytes',
    );
  });
});

test('text can be held to a pattern', () => {
  const word = textLike(/^[a-z]+$/, 'a word');
  expect(read(word, 'abc')).toBe('abc');
  expect(() => read(word, 'a b')).toThrow('message must be a word');
  expect(() => read(word, null)).toThrow('message must be a word');
});

test('an item of no fixed shape passes as it is', () => {
  expect(read(anything, [1, [null]])).toStrictEqual([1, [null]]);
});
