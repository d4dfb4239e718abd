/** Values of the CBOR profile for property-based tests. */
import * as fc from 'fast-check';
import type { CborValue } from '../../src/codec/cbor.js';

/** Integers, with those around the limits of each width often among them. */
const integer = fc.oneof(
  fc.constantFrom(0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER),
  fc.maxSafeNat(),
);

/** Text of the profile; often longer than cborg's thresholds for another way of coding it. */
const text = fc
  .oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string({ minLength: 20, maxLength: 300 }))
  .map((drawn) => drawn.normalize('NFC'))
  .filter((drawn) => !drawn.startsWith('\ufeff'));

const bytes = fc.oneof(fc.uint8Array(), fc.uint8Array({ minLength: 20, maxLength: 300 }));

/** Any value of the profile. */
export const cborValue: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 8 },
    integer,
    text,
    bytes,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 40 }),
  ),
})).value;

/** Bytes close to an encoding: one or two of its bytes set to something else, taken out or put in. */
export function mutated(encoded: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const change = fc.record({
    at: fc.nat(),
    byte: fc.nat(255),
    how: fc.constantFrom('set', 'flip', 'remove', 'insert', 'cut'),
  });
  return fc.tuple(encoded, fc.array(change, { minLength: 1, maxLength: 2 })).map(([original, changes]) => {
    const result = [...original];
    for (const { at, byte, how } of changes) {
      const index = at % Math.max(result.length, 1);
      if (how === 'set') result[index] = byte;
      if (how === 'flip') result[index] = (result[index] ?? 0) ^ (1 << (byte % 8));
      if (how === 'remove') result.splice(index, 1);
      if (how === 'insert') result.splice(index, 0, byte);
      if (how === 'cut') result.length = index;
    }
    return Uint8Array.from(result);
  });
}
