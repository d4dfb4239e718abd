/**
 * Verification of many signatures at once; who has no batch form verifies one after the other.
 *
 * @module
 */
import { signedMessages } from './signed-messages.mjs';
import { task } from './task.mjs';

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
  const items = signedMessages(count, senders, 6);
  return {
    id: `verifyBatch-${count}${few ? '-few' : ''}`,
    title: `verifyBatch, each of ${count.toLocaleString('en')}${few ? ', few senders' : ''}`,
    item: 'signature',
    note: `${senders.toLocaleString('en')} different senders. Peers have no batch form: they verify one at a time.`,
    tasks: [
      task({
        operation: (operations) => operations.verifyBatch,
        inputs: [{ items }],
        itemsPerCall: count,
        check: (verdicts) => verdicts.length === count && verdicts.every((verdict) => verdict === true),
      }),
      task({ operation: (operations) => operations.verify, inputs: items, check: (verdict) => verdict === true }),
    ],
  };
}
