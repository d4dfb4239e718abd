/**
 * Accept a welcome and verify a history: a chain of events from genesis on, in a group that grows to a hundred members.
 *
 * @module
 */
import { acceptWelcome, addMember, createInvite, openDatabase, requestJoin, verifyHistory } from 'arborist-mesh';
import { foundGroup } from './history.mjs';
import { checkedSha256, countRight, jobCase, undone } from './job.mjs';

const MOST_MEMBERS = 100;
const NOTE =
  'Up to a hundred events add a member, the others begin a new epoch. arborist-mesh does the whole job: formats, rules, ' +
  'rosters and the database, which is in memory (a welcome is rolled back afterwards). The composed jobs do its ' +
  'cryptography only: one signature for each event and one more for each member, SHA-256 over every event and over every ' +
  'roster that differs from the one before. That a signing key is ' +
  'free of torsion is checked by arborist-mesh only: node:crypto cannot.';

/** @type {import('../../types.js').Suite} */
export const histories = {
  id: 'histories',
  title: 'Welcome and history',
  aliases: ['welcome', 'history', 'jobs'],
  cases: async ({ jobSizes }) => {
    const cases = [];
    for (const size of jobSizes) {
      const group = await foundGroup(Math.min(size, MOST_MEMBERS), size);
      cases.push(historyCase(group, size), await welcomeCase(group, size));
    }
    return cases;
  },
};

/**
 * @param {import('./history.mjs').Group} group
 * @param {number} size events after genesis
 */
function historyCase({ db, signatures, rosters }, size) {
  return jobCase({
    id: 'history',
    title: 'Verify a history',
    item: 'event',
    note: NOTE,
    size,
    whole: {
      arborist: {
        label: 'arborist-mesh',
        work: () => {
          const { ok, events } = verifyHistory(db);
          return ok ? Math.min(events - 1, size) : 0;
        },
      },
    },
    compose: (operations) => composeChain(operations, signatures, rosters, size),
  });
}

/**
 * The founder adds one member more, who accepts the welcome: the whole chain, and a slot of the last envelope.
 *
 * @param {import('./history.mjs').Group} group
 * @param {number} size events before the joiner's own
 */
async function welcomeCase({ db, signatures, rosters }, size) {
  const joiner = await openDatabase({ now: () => db.now() });
  const { request } = requestJoin(joiner, createInvite(db).invite, { memberId: 'joiner' });
  const { welcome } = undone(db, () => addMember(db, request));
  return jobCase({
    id: 'welcome',
    title: 'Accept a welcome',
    item: 'event',
    note: NOTE,
    size,
    whole: {
      arborist: { label: 'arborist-mesh', work: () => undone(joiner, () => acceptWelcome(joiner, welcome).epoch - 1) },
    },
    compose: (operations) => composeChain(operations, signatures, rosters, size),
  });
}

/**
 * @param {import('../../types.js').Operations} operations
 * @param {readonly import('../../types.js').VerifyInput[]} signatures
 * @param {readonly Uint8Array[]} rosters the different ones
 * @param {number} size
 */
async function composeChain({ verify, verifyBatch, sha256 }, signatures, rosters, size) {
  if (verify === undefined || sha256 === undefined) return undefined;
  const hashRoster = await checkedSha256(sha256, rosters);
  const events = signatures.map(({ message }) => message);
  const hashEvent = await checkedSha256(sha256, events);
  const verifyOne = await verify(signatures);
  const verifyAll = await verifyBatch?.([{ items: signatures }]);
  const verifyThem = async () =>
    verifyAll === undefined
      ? countRight(signatures.length, verifyOne, (verdict) => verdict)
      : (await verifyAll(0)).filter((verdict) => verdict).length;
  return async () => {
    const good = await verifyThem();
    const hashed = await countRight(events.length, hashEvent, isDigest);
    const rostersHashed = await countRight(rosters.length, hashRoster, isDigest);
    return good === signatures.length && hashed === events.length && rostersHashed === rosters.length ? size : 0;
  };
}

/** @param {Uint8Array} hash */
function isDigest(hash) {
  return hash.length === 32;
}
