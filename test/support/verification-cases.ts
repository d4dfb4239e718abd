/**
 * Signatures whose verdict is known from the way they are made, so that a hundred thousand need no slow reference: with A = [a]B + T and
 * R = [r]B + U, T and U of small order, S = r + k a (mod L) satisfies [8][S]B = [8]R + [8][k]A whatever T and U are, and any other
 * S does not. What remains is whether the encodings are canonical, A is not of small order and S is below L.
 *
 * @module
 */
import {
  add,
  BASE_POINT,
  encodePoint,
  GROUP_ORDER,
  multiply,
  type ReferencePoint,
  TORSION_POINTS,
} from './edwards-reference.js';
import { FIELD_PRIME } from './limb-patterns.js';
import { integerFromBytes, integerToBytes } from './little-endian.js';
import type { SeededRandom } from './seeded-random.js';
import { challenge } from './verification-reference.js';

/** A crafted input and the verdict that follows from how it was made. */
export interface VerificationCase {
  readonly family: string;
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly expected: boolean;
}

/** An encoding with the discrete logarithm of its part in the prime-order group. */
interface KnownEncoding {
  readonly bytes: Uint8Array;
  readonly logarithm: bigint;
}

/** Encodings of [n]B + each point of small order, for `count` random n (0 and L − 1 among the first). */
function knownEncodings(random: SeededRandom, count: number): KnownEncoding[][] {
  return Array.from({ length: count }, (_, i) => {
    const drawn = integerFromBytes(random.bytes(32)) % GROUP_ORDER;
    const logarithm = i === 0 ? 1n : i === 1 ? GROUP_ORDER - 1n : drawn;
    const point = multiply(logarithm, BASE_POINT);
    return TORSION_POINTS.map((torsion) => ({ bytes: encodePoint(add(point, torsion)), logarithm }));
  });
}

/** Every encoding of a point of small order that is not canonical: y + p where it fits, and the sign bit on x = 0. */
function nonCanonicalSmallOrder(): Uint8Array[] {
  const signBit = 2n ** 255n;
  const encodings: bigint[] = [];
  for (const y of [0n, 1n]) encodings.push(y + FIELD_PRIME, y + FIELD_PRIME + signBit);
  for (const y of [1n, FIELD_PRIME - 1n]) encodings.push(y + signBit);
  return encodings.map((value) => integerToBytes(value));
}

/** Encodings with y from p on; whether or not the curve has such a point, none is canonical. */
function encodingsAboveThePrime(): Uint8Array[] {
  return Array.from({ length: 19 }, (_, k) => FIELD_PRIME + BigInt(k)).flatMap((y) => [
    integerToBytes(y),
    integerToBytes(y + 2n ** 255n),
  ]);
}

function solveS(R: KnownEncoding, A: KnownEncoding, message: Uint8Array): bigint {
  return (R.logarithm + challenge(R.bytes, A.bytes, message) * A.logarithm) % GROUP_ORDER;
}

function signatureOf(R: Uint8Array, S: bigint): Uint8Array {
  const signature = new Uint8Array(64);
  signature.set(R);
  signature.set(integerToBytes(S), 32);
  return signature;
}

/** Makes crafted inputs, family after family, from pools of encodings with known logarithms. */
export class VerificationCases {
  readonly #random: SeededRandom;
  readonly #keys: readonly (readonly KnownEncoding[])[];
  readonly #nonces: readonly (readonly KnownEncoding[])[];
  readonly #smallOrder: readonly KnownEncoding[];
  readonly #aliases: readonly KnownEncoding[];
  readonly #aboveThePrime = encodingsAboveThePrime();

  constructor(random: SeededRandom, keys = 60, nonces = 120) {
    this.#random = random;
    this.#keys = knownEncodings(random, keys);
    this.#nonces = knownEncodings(random, nonces);
    const known = (bytes: Uint8Array): KnownEncoding => ({ bytes, logarithm: 0n });
    this.#smallOrder = TORSION_POINTS.map((point: ReferencePoint) => known(encodePoint(point)));
    this.#aliases = nonCanonicalSmallOrder().map(known);
  }

  /** One input of each family, in an order that never changes. */
  round(): VerificationCase[] {
    return [
      this.#honest(),
      this.#mixedOrderKey(),
      this.#mixedOrderNonce(),
      this.#smallOrderNonce(),
      this.#wrongS(),
      this.#largeS(),
      this.#extremeS(),
      this.#smallOrderKey(),
      this.#nonCanonicalNonce(),
      this.#nonCanonicalKey(),
      this.#randomNonce(),
      this.#randomKey(),
    ];
  }

  #case(
    family: string,
    A: KnownEncoding,
    R: KnownEncoding,
    expected: boolean,
    change = (S: bigint) => S,
  ): VerificationCase {
    const message = this.#random.bytes(this.#random.below(150));
    const signature = signatureOf(R.bytes, change(solveS(R, A, message)));
    return { family, publicKey: A.bytes, signature, message, expected };
  }

  #plain(pool: readonly (readonly KnownEncoding[])[]): KnownEncoding {
    return this.#random.pick(pool)[0] as KnownEncoding;
  }

  #any(pool: readonly (readonly KnownEncoding[])[]): KnownEncoding {
    return this.#random.pick(this.#random.pick(pool));
  }

  #honest() {
    return this.#case('prime-order A and R', this.#plain(this.#keys), this.#plain(this.#nonces), true);
  }

  #mixedOrderKey() {
    return this.#case('mixed-order A', this.#any(this.#keys), this.#plain(this.#nonces), true);
  }

  #mixedOrderNonce() {
    return this.#case('mixed-order A and R', this.#any(this.#keys), this.#any(this.#nonces), true);
  }

  #smallOrderNonce() {
    return this.#case('small-order R', this.#any(this.#keys), this.#random.pick(this.#smallOrder), true);
  }

  #wrongS() {
    const difference = this.#random.pick([1n, GROUP_ORDER - 1n, 2n ** 251n, 1n + BigInt(this.#random.uint32())]);
    const change = (S: bigint) => (S + difference) % GROUP_ORDER;
    return this.#case('wrong S', this.#any(this.#keys), this.#any(this.#nonces), false, change);
  }

  #largeS() {
    const multiples = BigInt(1 + this.#random.below(14));
    const change = (S: bigint) => S + multiples * GROUP_ORDER;
    return this.#case('S + nL', this.#any(this.#keys), this.#any(this.#nonces), false, change);
  }

  /** S = 0, L − 1, L, L + 1 and the like in place of the right one. */
  #extremeS() {
    const S = this.#random.pick([0n, 1n, GROUP_ORDER - 1n, GROUP_ORDER, GROUP_ORDER + 1n, 2n ** 252n, 2n ** 256n - 1n]);
    return this.#case('extreme S', this.#any(this.#keys), this.#any(this.#nonces), false, (right) =>
      S === right ? (S + 1n) % GROUP_ORDER : S,
    );
  }

  #smallOrderKey() {
    const A = this.#random.pick([...this.#smallOrder, ...this.#aliases]);
    return this.#case('small-order A', A, this.#any(this.#nonces), false);
  }

  #nonCanonicalNonce() {
    return this.#case('non-canonical small-order R', this.#any(this.#keys), this.#random.pick(this.#aliases), false);
  }

  #nonCanonicalKey() {
    const A = { bytes: this.#random.pick(this.#aboveThePrime), logarithm: 0n };
    return this.#case('A with y ≥ p', A, this.#any(this.#nonces), false);
  }

  #randomNonce() {
    const bytes = this.#random.below(4) === 0 ? this.#random.pick(this.#aboveThePrime) : this.#random.bytes(32);
    return this.#case('random R', this.#any(this.#keys), { bytes, logarithm: 0n }, false);
  }

  #randomKey() {
    const A = { bytes: this.#random.bytes(32), logarithm: 0n };
    return this.#case('random A', A, this.#any(this.#nonces), false);
  }
}
