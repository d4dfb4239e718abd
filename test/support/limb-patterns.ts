/**
 * Field elements whose limbs stand at the extremes, where carries are longest and a missing one shows: for every limb width that
 * implementations of this field use (29 bits, 25.5 bits, 26, 51), all ones, one limb full, alternating, and the neighbours of 0, p and 2^255.
 *
 * @module
 */
import { integerToBytes } from './little-endian.js';

/** 2^255 − 19. */
export const FIELD_PRIME = 2n ** 255n - 19n;

/** Bit positions at which limbs start, up to 2^255, for one way to cut a field element. */
const LIMB_STARTS: readonly (readonly number[])[] = [
  [0, 29, 58, 87, 116, 145, 174, 203, 232, 255],
  [0, 26, 51, 77, 102, 128, 153, 179, 204, 230, 255],
  [0, 26, 52, 78, 104, 130, 156, 182, 208, 234, 255],
  [0, 51, 102, 153, 204, 255],
  [0, 64, 128, 192, 255],
];

function fromLimbs(starts: readonly number[], limb: (index: number, maximum: bigint) => bigint): bigint {
  let value = 0n;
  for (let i = 0; i + 1 < starts.length; i++) {
    const [start = 0, end = 0] = starts.slice(i, i + 2);
    value += limb(i, 2n ** BigInt(end - start) - 1n) << BigInt(start);
  }
  return value;
}

function patternsOf(starts: readonly number[]): bigint[] {
  const patterns = [
    fromLimbs(starts, (i, maximum) => (i % 2 === 0 ? maximum : 0n)),
    fromLimbs(starts, (i, maximum) => (i % 2 === 1 ? maximum : 0n)),
    fromLimbs(starts, (_, maximum) => maximum - 1n),
    fromLimbs(starts, (_, maximum) => (maximum + 1n) / 2n),
    fromLimbs(starts, () => 1n),
  ];
  for (let full = 0; full + 1 < starts.length; full++) {
    patterns.push(fromLimbs(starts, (i, maximum) => (i === full ? maximum : 0n)));
    patterns.push(fromLimbs(starts, (i, maximum) => (i === full ? 0n : maximum)));
  }
  return patterns;
}

function neighbours(): bigint[] {
  const values: bigint[] = [];
  for (let k = 0n; k <= 21n; k++) values.push(k, FIELD_PRIME - k, 2n ** 255n - 1n - k);
  values.push((FIELD_PRIME - 1n) / 2n, (FIELD_PRIME + 1n) / 2n, 2n ** 254n, 2n ** 252n);
  return values;
}

/** Extreme values below 2^255, each once; those from p on are non-canonical encodings. */
export const EXTREME_INTEGERS: readonly bigint[] = [
  ...new Set([...neighbours(), ...LIMB_STARTS.flatMap(patternsOf)]),
].filter((value) => value >= 0n && value < 2n ** 255n);

/** {@link EXTREME_INTEGERS} as 32 bytes each, and each once more with the unused top bit set. */
export const EXTREME_BYTES: readonly Uint8Array[] = EXTREME_INTEGERS.flatMap((value) => [
  integerToBytes(value),
  integerToBytes(value + 2n ** 255n),
]);
