/**
 * Verification of many signatures at once; who has no batch form verifies one after the other.
 *
 * @module
 */
import { signedMessages } from './signed-messages.mjs';
import { task } from './task.mjs';

/** Batches come in turn. All senders together are four for each key that the core keeps: it knows few of the next batch. */
const SENDERS_IN_ALL = 4_096;
const BATCHES_OF_FEW = 4;
const ONE_AT_A_TIME = 'Peers have no batch form: they verify one at a time.';

/** @type {import('../types.js').Suite} */
export const verifyBatch = {
  id: 'verifyBatch',
  title: 'Batch verification',
  cases: () => [batchOf(64, 64), batchOf(1_024, 1_024), batchOf(1_024, 16)],
};

/**
 * @param {number} count
 * @param {number} senders
 * @returns {import('../types.js').Case}
 */
function batchOf(count, senders) {
  const few = senders < count;
  const batches = batchesOf(count, senders, few ? BATCHES_OF_FEW : SENDERS_IN_ALL / count);
  return {
    id: `verifyBatch-${count}${few ? '-few' : ''}`,
    title: `verifyBatch, each of ${count.toLocaleString('en')}${few ? ', few senders' : ''}`,
    item: 'signature',
    note: few
      ? `${senders} senders, the same in each batch, as in a mesh. ${ONE_AT_A_TIME}`
      : `${count.toLocaleString('en')} senders, others in the next batch. ${ONE_AT_A_TIME}`,
    tasks: [
      task({
        operation: (operations) => findingWhatIsSpoilt(operations.verifyBatch),
        inputs: batches.map((items) => ({ items })),
        itemsPerCall: count,
        check: (verdicts) => verdicts.length === count && verdicts.every((verdict) => verdict === true),
      }),
      task({
        operation: (operations) => operations.verify,
        inputs: batches.flat(),
        check: (verdict) => verdict === true,
      }),
    ],
  };
}

/**
 * @param {number} count
 * @param {number} senders of each batch; the next one has others, if there are as many as messages
 * @param {number} batches
 */
function batchesOf(count, senders, batches) {
  const messages = signedMessages(count * batches, senders < count ? senders : count * batches, 6);
  return Array.from({ length: batches }, (_, batch) => messages.slice(batch * count, (batch + 1) * count));
}

/**
 * The operation, if it finds the one bad signature in a batch: the timed ones are all good, and who accepts everything
 * would pass for fast.
 *
 * @param {import('../types.js').Operations['verifyBatch']} operation
 * @returns {import('../types.js').Operations['verifyBatch']}
 */
function findingWhatIsSpoilt(operation) {
  if (operation === undefined) return undefined;
  return async (inputs) => {
    const items = signedMessages(3, 3, 8).map((item, index) =>
      index === 1 ? { ...item, message: item.message.slice(1) } : item,
    );
    const verdicts = await (await operation([{ items }]))(0);
    if (verdicts.join() !== 'true,false,true') throw new Error('a spoilt signature passes, or a good one does not');
    return operation(inputs);
  };
}
