/**
 * Randomness that follows from a seed, so that a scenario gives the same keys, event ids and envelopes on every run. In place
 * of the platform's generator, for as long as `work` runs.
 *
 * @module
 */
import { SeededRandom } from '../seeded-random.js';

/** Runs `work` with everything that the library draws following from the seed. One at a time. */
export async function withSeededCrypto<T>(seed: number, work: () => Promise<T>): Promise<T> {
  if (Object.hasOwn(crypto, 'getRandomValues')) throw new Error('seeded randomness is in use already');
  const random = new SeededRandom(seed);
  const getRandomValues = (array: Uint8Array) => {
    array.set(random.bytes(array.length));
    return array;
  };
  Object.defineProperty(crypto, 'getRandomValues', { value: getRandomValues, configurable: true });
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(crypto, 'getRandomValues');
  }
}
