/**
 * What a call left in the core's memory: a comparison of whole memory images, and a search for known secrets in the forms that code gives them.
 *
 * @module
 */
import { integerFromBytes, integerToBytes } from './little-endian.js';

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
export function secretDependentBytes(
  one: { memory: Uint8Array; publicData: readonly Uint8Array[] },
  other: { memory: Uint8Array; publicData: readonly Uint8Array[] },
): number[] {
  const runs = [recognizedRuns(one.publicData), recognizedRuns(other.publicData)] as const;
  const isPublic = (memory: Uint8Array, address: number, known: Set<string>) => {
    for (let start = address - RECOGNIZED + 1; start <= address; start++)
      if (known.has(key(memory, start))) return true;
    return false;
  };
  const addresses: number[] = [];
  for (let address = 0; address < one.memory.length; address++) {
    if (one.memory[address] === other.memory[address]) continue;
    if (isPublic(one.memory, address, runs[0]) && isPublic(other.memory, address, runs[1])) continue;
    addresses.push(address);
  }
  return addresses;
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

/** Aligned words and double words of an image, for quick look-ups. */
function alignedWords(memory: Uint8Array): Set<string> {
  const words = new Set<string>();
  for (let address = 0; address + 4 <= memory.length; address += 4) {
    words.add(String.fromCharCode(...memory.subarray(address, address + 4)));
    if (address + 8 <= memory.length) words.add(String.fromCharCode(...memory.subarray(address, address + 8)));
  }
  return words;
}

/**
 * The names of the secrets of which the image holds a piece: eight bytes in a row, or two of its limbs (one alone may be chance).
 */
export function findSecrets(memory: Uint8Array, secrets: Readonly<Record<string, Uint8Array>>): string[] {
  const words = alignedWords(memory);
  const found: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    for (const form of forms(secret)) {
      const hits = form.pieces.filter((piece) => words.has(String.fromCharCode(...piece))).length;
      if (hits >= (form.name.startsWith('limbs') ? 2 : 1)) found.push(`${name} in ${form.name}`);
    }
  }
  return found;
}
