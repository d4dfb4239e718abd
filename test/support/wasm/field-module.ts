/**
 * The field arithmetic of `assembly/` as a module of its own, whose functions tests can call: in the core they are not exports.
 *
 * @module
 */
import { instantiateCore } from '../compile-core.js';

/** Exports of `field25519.ts`, `field25519-lanes.ts`, `field25519-bytes.ts` and `field25519-power.ts`. Numbers are addresses unless named otherwise. */
export interface FieldFunctions {
  readonly memory: WebAssembly.Memory;
  multiply(out: number, a: number, b: number): void;
  square(out: number, a: number): void;
  squareTimes(out: number, a: number, count: number): void;
  add(out: number, a: number, b: number): void;
  subtract(out: number, a: number, b: number): void;
  carry(out: number, a: number): void;
  multiplySmall(out: number, a: number, factor: number): void;
  sumAndDifference(out: number, a: number): void;
  swapLanes(out: number, a: number): void;
  combine(out: number, a: number, b: number): void;
  select(out: number, a: number, b: number, mask: number): void;
  readElement(pair: number, lane: number, bytes: number): void;
  writeElement(bytes: number, pair: number, lane: number): void;
  isZero(bytes: number): number;
  areEqual(x: number, y: number): number;
  squareRootPower(out: number, a: number): void;
}

const PAGE = 65536;

/** The core with these functions as its exports. `free` is an address from which 64 KiB are unused. */
export async function loadFieldModule(): Promise<{ field: FieldFunctions; memory: Uint8Array; free: number }> {
  const field = (await instantiateCore()) as unknown as FieldFunctions;
  const free = field.memory.grow(1) * PAGE;
  return { field, memory: new Uint8Array(field.memory.buffer), free };
}
