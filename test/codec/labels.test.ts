import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { labelHash, labelled } from '../../src/codec/labels.js';
import { InvalidInputError } from '../../src/errors.js';

test('a labelled hash is SHA-256 of the label, a zero byte and the bytes', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const expected = createHash('sha256').update('arborist-mesh/1 roster\0').update(bytes).digest();
  expect(labelHash('arborist-mesh/1 roster', bytes)).toStrictEqual(Uint8Array.from(expected));
  expect(labelled('ab', bytes)).toStrictEqual(Uint8Array.of(97, 98, 0, 1, 2, 3));
});

test('moving a byte from the label to the content gives another hash', () => {
  expect(labelHash('a', Uint8Array.of(98))).not.toStrictEqual(labelHash('ab', new Uint8Array(0)));
});

test.each(['', 'caf\u00e9', 'a\0b'])('a label must be printable ASCII text (%j is not)', (label) => {
  expect(() => labelHash(label, new Uint8Array(0))).toThrow(InvalidInputError);
});
