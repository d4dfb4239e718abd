/**
 * What a call left in the core's memory: a comparison of whole memory images, and a search for known secrets in the forms that code gives them.
 *
 * @module
 */
import { integerFromBytes, integerToBytes } from './little-endian.js';

/** The whole memory after a call, and what is public of its inputs and outputs. */
interface MemoryImage {
  readonly memory: Uint8Array;
  readonly publicData: readonly Uint8Array[];
}

/** Bytes in a row by which public data is recognized. */
const RECOGNIZED = 8;

function key(bytes: Uint8Array, start: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + RECOGNIZED));
}

function recognizedRuns(publicData: readonly Uint8Array[]): Set<string> {
  const runs = new Set<string>();
  for (const data of publicData) {
    for (let start = 0; start + RECOGNIZED <= data.length; start++) runs.add(key(data, start));
  }
  return runs;
}

/**
 * Addresses at which two images differ although neither holds public data there. Both images come from the same call with different
 * secrets, so such a byte depends on the secret: nothing is assumed about its form.
 */
export function secretDependentBytes(one: MemoryImage, other: MemoryImage): number[] {
  const differing: number[] = [];
  for (let address = 0; address < one.memory.length; address++) {
    if (one.memory[address] !== other.memory[address]) differing.push(address);
  }
  if (differing.length === 0) return [];
  const [ofOne, ofOther] = [recognizedRuns(one.publicData), recognizedRuns(other.publicData)];
  return differing.filter(
    (address) => !isPublic(one.memory, address, ofOne) || !isPublic(other.memory, address, ofOther),
  );
}

function isPublic(memory: Uint8Array, address: number, known: ReadonlySet<string>): boolean {
  for (let start = address - RECOGNIZED + 1; start <= address; start++) if (known.has(key(memory, start))) return true;
  return false;
}

/** The limbs of a little-endian number, `bits` bits each. */
function limbs(bytes: Uint8Array, bits: number): bigint[] {
  const value = integerFromBytes(bytes);
  return Array.from({ length: Math.ceil((8 * bytes.length) / bits) }, (_, i) => {
    return (value >> BigInt(i * bits)) & (2n ** BigInt(bits) - 1n);
  });
}

/** Every form in which a secret is looked for: pieces of eight bytes, and limbs of the widths that such code uses. */
function forms(secret: Uint8Array): { name: string; pieces: Uint8Array[] }[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start + 8 <= secret.length; start += 4) pieces.push(secret.subarray(start, start + 8));
  const reversed = pieces.map((piece) => piece.slice().reverse());
  const inLimbs = [26, 29, 44, 51].map((bits) => ({
    name: `limbs of ${bits} bits`,
    pieces: limbs(secret, bits)
      .filter((limb) => limb >= 2n ** 20n)
      .map((limb) => integerToBytes(limb, bits > 32 ? 8 : 4)),
  }));
  return [{ name: 'bytes', pieces }, { name: 'big-endian words', pieces: reversed }, ...inLimbs];
}

/** Little-endian 32-bit words. */
function wordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length >>> 2 }, (_, i) => view.getUint32(4 * i, true));
}

/**
 * The names of the secrets of which the image holds a piece: eight bytes in a row, or two of its limbs (one alone may be chance).
 */
export function findSecrets(memory: Uint8Array, secrets: Readonly<Record<string, Uint8Array>>): string[] {
  const present = new Set(wordsOf(memory));
  const found: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    for (const form of forms(secret)) {
      const hits = form.pieces.filter((piece) => wordsOf(piece).every((word) => present.has(word))).length;
      if (hits >= (form.name.startsWith('limbs') ? 2 : 1)) found.push(`${name} in ${form.name}`);
    }
  }
  return found;
}
