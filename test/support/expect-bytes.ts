/**
 * Comparison of byte arrays in tests with many or long inputs, where the test runner's deep equality would take most of the time.
 *
 * @module
 */
import { expect } from 'vitest';
import { equalBytes } from '../../src/bytes.js';
import { toHex } from './hex.js';

/** Fails, with the case's description and the first bytes of both, unless the arrays are equal. */
export function expectSameBytes(actual: Uint8Array, expected: Uint8Array, describeCase: () => string): void {
  if (equalBytes(actual, expected)) return;
  const excerpt = (bytes: Uint8Array) => `${bytes.length} bytes ${toHex(bytes.subarray(0, 96))}`;
  expect(excerpt(actual), describeCase()).toBe(excerpt(expected));
  throw new Error(`the arrays differ after byte 96: ${describeCase()}`);
}
