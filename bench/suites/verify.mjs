/**
 * Ed25519 verification one at a time: from many senders, where no cache of keys can help, and from few, which is a
 * mesh's normal case.
 *
 * @module
 */
import { signedMessages } from './signed-messages.mjs';
import { task } from './task.mjs';

const MESSAGES = 1_024;
const FEW_SENDERS = 16;
/** One signature in each set is spoilt, so that a peer that accepts everything is found out. */
const SPOILT = 1;

/** @type {import('../types.js').Suite} */
export const verify = {
  id: 'verify',
  title: 'Verification',
  cases: () => [
    {
      id: 'verify',
      title: 'verify, 100 B',
      item: 'signature',
      note: `${MESSAGES.toLocaleString('en')} senders in turn, so that every call meets a key it has not seen lately.`,
      tasks: [verifyTask(withOneSpoilt(signedMessages(MESSAGES, MESSAGES, 4)))],
    },
    {
      id: 'verify-few',
      title: 'verify, 100 B, few senders',
      item: 'signature',
      note: `${FEW_SENDERS} senders in turn, as in a mesh.`,
      tasks: [verifyTask(withOneSpoilt(signedMessages(MESSAGES, FEW_SENDERS, 5)))],
    },
  ],
};

/** @param {readonly import('../types.js').VerifyInput[]} inputs */
function verifyTask(inputs) {
  return task({
    operation: (operations) => operations.verify,
    inputs,
    check: (verdict, _input, index) => verdict === (index !== SPOILT),
  });
}

/** @param {readonly import('../types.js').VerifyInput[]} messages */
function withOneSpoilt(messages) {
  return messages.map((input, index) => (index === SPOILT ? { ...input, message: input.message.slice(1) } : input));
}
