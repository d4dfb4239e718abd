/**
 * What checks say: each of these throws an error that tells expected from actual.
 *
 * @module
 */
import { isBytes } from '../bytes.js';
import { MeshError } from '../errors.js';
import { toHex } from './hex.js';

/** Fails unless the condition holds. */
export function expectThat(condition: boolean, what: string): void {
  if (!condition) throw new Error(`expected ${what}`);
}

/** Fails unless both are the same value, as `Object.is` has it. */
export function expectEqual<T>(what: string, actual: T, expected: T): void {
  if (!Object.is(actual, expected)) throw new Error(`${what}: expected ${String(expected)}, got ${String(actual)}`);
}

/** Fails unless `actual` is a `Uint8Array` of exactly these bytes, given as such or as hexadecimal text. */
export function expectBytes(what: string, actual: unknown, expected: Uint8Array | string): void {
  if (!isBytes(actual)) throw new Error(`${what}: expected a Uint8Array, got ${typeof actual}`);
  const wanted = typeof expected === 'string' ? expected : toHex(expected);
  const found = toHex(actual);
  if (found !== wanted) throw new Error(`${what}: expected ${wanted}, got ${found}`);
}

/**
 * Fails unless `work` throws a {@link MeshError} with this code.
 *
 * @returns the error, for whoever looks at more of it
 */
export function expectMeshError(what: string, code: string, work: () => unknown): MeshError {
  let result: unknown;
  try {
    result = work();
  } catch (error) {
    return requireCode(what, code, error);
  }
  throw new Error(`${what}: expected the error ${code}, got ${String(result)}`);
}

/** Like {@link expectMeshError}, for work that is not synchronous. */
export async function expectMeshRejection(
  what: string,
  code: string,
  work: () => Promise<unknown>,
): Promise<MeshError> {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    return requireCode(what, code, error);
  }
  throw new Error(`${what}: expected the error ${code}, got ${String(result)}`);
}

function requireCode(what: string, code: string, error: unknown): MeshError {
  if (error instanceof MeshError && error.code === code) return error;
  throw new Error(`${what}: expected the error ${code}, got ${String(error)}`, { cause: error });
}
