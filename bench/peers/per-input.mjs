/**
 * Builds an operation that prepares each input on its own, which is what nearly all peers need: keys are imported by
 * `prepare`, outside the timed call, or by `run`, inside it.
 *
 * @module
 */

/**
 * @template Input, Ready, Output
 * @param {(input: Input) => import('../types.js').Awaitable<Ready>} prepare once per input, not timed
 * @param {(ready: Ready) => import('../types.js').Awaitable<Output>} run timed
 * @returns {import('../types.js').Operation<Input, Output>}
 */
export function withReady(prepare, run) {
  return async (inputs) => {
    /** @type {Ready[]} */
    const ready = [];
    for (const input of inputs) ready.push(await prepare(input));
    return (index) => run(/** @type {Ready} */ (ready[index]));
  };
}

/**
 * An operation that works on the raw bytes of each call.
 *
 * @template Input, Output
 * @param {(input: Input) => import('../types.js').Awaitable<Output>} run timed
 * @returns {import('../types.js').Operation<Input, Output>}
 */
export function fromRaw(run) {
  return (inputs) => (index) => run(/** @type {Input} */ (inputs[index]));
}

/**
 * Sealing or opening into arrays that are there already: one for each input.
 *
 * @param {number} growth how many bytes longer than the input the result is
 * @param {(input: import('../types.js').AeadInput, output: Uint8Array) => Uint8Array} run timed
 * @returns {import('../types.js').Operation<import('../types.js').AeadInput, Uint8Array>}
 */
export function intoReadyArray(growth, run) {
  return withReady(
    (input) => ({ input, output: new Uint8Array(input.text.length + growth) }),
    ({ input, output }) => run(input, output),
  );
}
