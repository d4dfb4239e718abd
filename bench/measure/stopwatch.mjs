/**
 * Timing of one contender, a slice at a time, on top of tinybench: it supplies the clock of each runtime, the
 * synchronous and asynchronous measuring loops and the order statistics of a slice.
 *
 * tinybench measures its tasks one after the other, which a busy machine makes unfair. So each contender gets a `Bench`
 * of its own that is run again in every round, and `rounds.mjs` interleaves them. tinybench also reads the clock around
 * every call of its function; that function here makes a whole batch of calls, so that operations far below the
 * resolution of the clock (100 µs in some browsers) are timed as well.
 *
 * @module
 */
import { Bench } from 'tinybench';

/** Samples in a slice: enough for a median that one interruption does not move. */
const SAMPLES_PER_SLICE = 3;

/**
 * @typedef {object} Stopwatch
 * @property {() => Promise<number>} slice times one slice; nanoseconds per call, the median of its samples
 * @property {number} sliceMs about how long a slice takes
 */

/**
 * Warms a contender up and sets how many calls make a sample.
 *
 * @param {(index: number) => unknown} call what is timed
 * @param {number} inputCount the calls go round this many inputs
 * @param {import('../types.js').Effort} effort
 * @returns {Promise<Stopwatch>}
 */
export async function createStopwatch(call, inputCount, effort) {
  const first = call(0);
  const isAsync = first instanceof Promise;
  await first;
  const repeat = isAsync ? repeatAsync(call, inputCount) : repeatSync(call, inputCount);
  const callMs = await warmUp(repeat, effort.warmUpMs);
  const calls = Math.max(1, Math.round(effort.sliceMs / SAMPLES_PER_SLICE / callMs));
  const samples = callMs > effort.sliceMs ? 1 : SAMPLES_PER_SLICE;

  const bench = new Bench({ warmup: false, iterations: samples, time: 0, throws: true });
  bench.add('slice', () => repeat(calls), { async: isAsync });
  const slice = async () => {
    bench.reset();
    if (isAsync) await bench.run();
    else bench.runSync();
    const result = bench.tasks[0]?.result;
    if (result?.state !== 'completed') throw new Error('the timing loop did not complete');
    return (result.latency.p50 / calls) * 1e6;
  };
  return { slice, sliceMs: callMs * calls * samples };
}

/**
 * Calls until the time is used up: the engine's optimizing compiler gets what it needs.
 *
 * @param {(calls: number) => unknown} repeat
 * @param {number} warmUpMs
 * @returns {Promise<number>} milliseconds per call, of the last stretch
 */
async function warmUp(repeat, warmUpMs) {
  const end = performance.now() + warmUpMs;
  let calls = 1;
  for (;;) {
    const start = performance.now();
    await repeat(calls);
    const elapsed = performance.now() - start;
    if (performance.now() >= end && elapsed > 0) return elapsed / calls;
    if (elapsed < warmUpMs / 8) calls *= 2;
  }
}

/**
 * @param {(index: number) => unknown} call
 * @param {number} inputCount
 */
function repeatSync(call, inputCount) {
  let index = 0;
  return (/** @type {number} */ calls) => {
    for (let i = 0; i < calls; i++) {
      call(index);
      index = index + 1 === inputCount ? 0 : index + 1;
    }
  };
}

/**
 * @param {(index: number) => unknown} call
 * @param {number} inputCount
 */
function repeatAsync(call, inputCount) {
  let index = 0;
  return async (/** @type {number} */ calls) => {
    for (let i = 0; i < calls; i++) {
      await call(index);
      index = index + 1 === inputCount ? 0 : index + 1;
    }
  };
}
