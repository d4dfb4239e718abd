/**
 * One case from beginning to end: prepare every contender, check that its results are right, then time those that are.
 *
 * @module
 */
import { measureRounds } from './rounds.mjs';
import { ratioPerRound, spread } from './statistics.mjs';
import { createStopwatch } from './stopwatch.mjs';

/** Results compared before timing starts; the inputs differ, so a handful shows every difference that matters. */
const CHECKED_RESULTS = 4;

/**
 * @typedef {object} Contender
 * @property {import('../types.js').PeerForm} form
 * @property {import('../types.js').Task} task
 * @property {(index: number) => unknown} call
 */

/**
 * @param {import('../types.js').Suite} suite
 * @param {import('../types.js').Case} benchCase
 * @param {readonly import('../types.js').PeerForm[]} forms arborist-mesh first
 * @param {import('../types.js').Effort} effort
 * @returns {Promise<import('../types.js').CaseResult>}
 */
export async function measureCase(suite, benchCase, forms, effort) {
  /** @type {Contender[]} */
  const contenders = [];
  /** @type {import('../types.js').ContenderResult[]} */
  const notTimed = [];
  for (const form of [...(benchCase.forms ?? []), ...forms]) {
    const entry = await enter(benchCase, form);
    if (entry === undefined) continue;
    if ('call' in entry) contenders.push(entry);
    else notTimed.push(entry);
  }
  requireOurs(benchCase, contenders, notTimed);
  const measured = await timeAll(contenders, effort);
  const { id, title, item, note, size, sizeUnit } = benchCase;
  return {
    suite: suite.id,
    suiteTitle: suite.title,
    id,
    title,
    item,
    ...(note === undefined ? {} : { note }),
    ...(size === undefined ? {} : { size }),
    ...(sizeUnit === undefined ? {} : { sizeUnit }),
    contenders: [...measured, ...notTimed],
  };
}

/**
 * Prepares and checks one form.
 *
 * @param {import('../types.js').Case} benchCase
 * @param {import('../types.js').PeerForm} form
 * @returns {Promise<Contender | import('../types.js').ContenderResult | undefined>} a contender, why it is none, or
 *   `undefined` if it does not offer the operation at all
 */
async function enter(benchCase, form) {
  for (const task of benchCase.tasks) {
    let call;
    let first;
    try {
      call = await task.prepare(form);
      if (call === undefined) continue;
      first = await call(0);
    } catch (error) {
      return { id: form.id, label: form.label, status: 'unavailable', reason: messageOf(error) };
    }
    try {
      await task.check(first, 0);
      for (let index = 1; index < Math.min(CHECKED_RESULTS, task.inputCount); index++) {
        await task.check(await call(index), index);
      }
    } catch (error) {
      return { id: form.id, label: form.label, status: 'wrong', reason: messageOf(error) };
    }
    return { form, task, call };
  }
  return undefined;
}

/**
 * @param {readonly Contender[]} contenders arborist-mesh first
 * @param {import('../types.js').Effort} effort
 * @returns {Promise<import('../types.js').ContenderResult[]>}
 */
async function timeAll(contenders, effort) {
  const stopwatches = [];
  for (const { call, task } of contenders) stopwatches.push(await createStopwatch(call, task.inputCount, effort));
  const series = await measureRounds(stopwatches, effort);
  const perItem = series.map((rounds, position) =>
    rounds.map((time) => time / (contenders[position]?.task.itemsPerCall ?? 1)),
  );
  const ours = perItem[0] ?? [];
  return contenders.map(({ form }, position) => {
    const rounds = perItem[position] ?? [];
    return {
      id: form.id,
      label: form.label,
      status: 'measured',
      time: spread(rounds),
      ratio: ratioPerRound(rounds, ours),
      rounds: rounds.map((time) => Number(time.toPrecision(5))),
    };
  });
}

/**
 * A peer that is missing or wrong is reported; if we are, there is nothing to compare with.
 *
 * @param {import('../types.js').Case} benchCase
 * @param {readonly Contender[]} contenders
 * @param {readonly import('../types.js').ContenderResult[]} notTimed
 */
function requireOurs(benchCase, contenders, notTimed) {
  if (contenders[0]?.form.id.startsWith('arborist')) return;
  const failure = notTimed.find((contender) => contender.id.startsWith('arborist'));
  throw new Error(`${benchCase.title}: arborist-mesh itself fails: ${failure?.reason ?? 'no such operation'}`);
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
