/**
 * Pairs of field elements as the core lays them out (`assembly/field25519.ts`): 80 bytes, limb i of lane l, 29 bits each, in 32-bit lanes.
 *
 * @module
 */
import { FIELD_PRIME } from './limb-patterns.js';

/** Size of a pair in bytes. */
export const PAIR_SIZE = 80;
/** Limbs of an element. */
export const LIMBS = 9;

/** Where a limb lies in its pair. */
export function limbOffset(lane: number, limb: number): number {
  return 4 * lane + (limb < 5 ? 16 * limb : 16 * (limb - 5) + 8);
}

/** The element in a lane of the pair at the address, modulo p. */
export function readPairLane(memory: Uint8Array, address: number, lane: number): bigint {
  const view = new DataView(memory.buffer, memory.byteOffset);
  let value = 0n;
  for (let limb = 0; limb < LIMBS; limb++) {
    value += BigInt(view.getUint32(address + limbOffset(lane, limb), true)) << BigInt(29 * limb);
  }
  return value % FIELD_PRIME;
}

/** Writes the limbs of a lane, and zeros where a pair has no limb. */
export function writePairLane(memory: Uint8Array, address: number, lane: number, limbs: readonly number[]): void {
  const view = new DataView(memory.buffer, memory.byteOffset);
  for (let limb = 0; limb < LIMBS; limb++) view.setUint32(address + limbOffset(lane, limb), limbs[limb] ?? 0, true);
  view.setUint32(address + 72 + 4 * lane, 0, true);
}
