// @ts-check
/**
 * Notices a runtime that says nothing any more. It is the silence that counts, not the whole time: the suite may take long
 * on a busy machine.
 *
 * @module
 */

const SILENCE_LIMIT_MS = 90_000;

/**
 * @typedef {object} Watch
 * @property {(word: string) => void} heard to be called whenever the runtime says something
 * @property {Promise<never>} silence rejects when it has been silent for too long, with the last it said
 * @property {() => void} stop
 */

/** @returns {Watch} */
export function startWatch() {
  let last = 'nothing at all';
  /** @type {(error: Error) => void} */
  let expire = () => {};
  const silence = new Promise((_, reject) => {
    expire = reject;
  });
  silence.catch(() => {});
  const timer = setTimeout(
    () => expire(new Error(`no word for ${SILENCE_LIMIT_MS / 1000} s; the last one was: ${last.trim().slice(-200)}`)),
    SILENCE_LIMIT_MS,
  );
  return {
    heard: (word) => {
      last = word;
      timer.refresh();
    },
    silence: /** @type {Promise<never>} */ (silence),
    stop: () => clearTimeout(timer),
  };
}
