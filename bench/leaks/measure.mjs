/**
 * Times a subject on inputs of both classes in random order, all prepared beforehand, so that nothing but the secret's
 * value differs between the classes.
 *
 * @module
 */
import { hrtime } from 'node:process';

const WARM_UP_CALLS = 2_000;
/** Inputs prepared at a time. */
const CHUNK = 1_000;

/**
 * @param {import('./subjects.mjs').LeakSubject} subject
 * @param {number} count measurements of both classes together
 * @param {(fraction: number) => void} onProgress
 * @returns {import('./welch.mjs').Classes} nanoseconds
 */
export function timeClasses(subject, count, onProgress) {
  for (const { input } of prepare(subject, WARM_UP_CALLS)) subject.work(input);
  /** @type {import('./welch.mjs').Classes} */
  const times = { fixed: [], random: [] };
  for (let done = 0; done < count; done += CHUNK) {
    for (const { isFixed, input } of prepare(subject, CHUNK)) {
      subject.before?.();
      const start = hrtime.bigint();
      subject.work(input);
      const elapsed = Number(hrtime.bigint() - start);
      (isFixed ? times.fixed : times.random).push(elapsed);
    }
    onProgress(done / count);
  }
  return times;
}

/**
 * @param {import('./subjects.mjs').LeakSubject} subject
 * @param {number} count
 */
function prepare(subject, count) {
  const choices = crypto.getRandomValues(new Uint8Array(count));
  return Array.from(choices, (choice) => {
    const isFixed = (choice & 1) === 1;
    return { isFixed, input: subject.input(isFixed) };
  });
}
