/**
 * Waiting, and randomness for how long.
 *
 * @module
 */
import { randomBytes } from '../../crypto/random.js';

/** Waits, unless the signal ends it first. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** A random number from 0 to below `count`; the bias, below 2^-20, matters to nothing here. */
function randomBelow(count: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = randomBytes(4);
  return Math.floor((((a << 24) | (b << 16) | (c << 8) | d) >>> 0) * (count / 2 ** 32));
}

/** A random time around one that is given: from three quarters to five quarters of it. */
export function jittered(milliseconds: number): number {
  return Math.round(milliseconds * (0.75 + randomBelow(1_024) / 2_048));
}

/** Some of a list, in random order. */
export function randomSome<T>(list: readonly T[], count: number): T[] {
  const left = [...list];
  const chosen: T[] = [];
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(randomBelow(left.length), 1));
  return chosen;
}
