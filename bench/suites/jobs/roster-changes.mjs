/**
 * Rotate and kick: a fresh epoch secret wrapped to every member of the roster after the change.
 *
 * @module
 */

import { ed25519 } from '@noble/curves/ed25519.js';
import { kickMember, openDatabase, roster, rotateEpoch } from 'arborist-mesh';
import { generateDhKeypair } from 'arborist-mesh/crypto';
import { byteSource, sameBytes } from '../../bytes.mjs';
import { opensAgain } from '../hpke.mjs';
import { foundGroup } from './history.mjs';
import { checkedSha256, countRight, jobCase, requireRight, undone } from './job.mjs';

/** Lengths in the formats of docs/protocol.md: what a slot binds, a slot, a roster entry, what an event's signature covers. */
const INFO_BYTES = 262;
const SLOT_BYTES = 119;
const ROSTER_ENTRY_BYTES = 86;
const EVENT_BYTES = 300;

const NOTE =
  'arborist-mesh does the whole job: roster, envelope, signature, hashes and the transaction of a database in memory, which ' +
  'is then rolled back so that every call does the same. The composed jobs do its cryptography only: one HPKE seal of 32 bytes ' +
  'for each member, SHA-256 over as many bytes of roster and envelope, one signature.';

/** @type {import('../../types.js').Suite} */
export const rosterChanges = {
  id: 'roster-changes',
  title: 'Rotate and kick',
  aliases: ['rotate', 'kick', 'jobs'],
  cases: async ({ jobSizes }) => {
    const cases = [];
    for (const size of jobSizes) {
      // One more than stay after the kick; a copy in which the kick stands has the members for the rotate.
      const { db } = await foundGroup(size + 1, size);
      const after = await openDatabase({ bytes: db.export(), now: () => db.now() });
      kickMember(after, newest(after));
      cases.push(kickCase(db, size), rotateCase(after, size));
    }
    return cases;
  },
};

/**
 * @param {import('arborist-mesh').MeshDatabase} db
 * @param {number} size
 */
function rotateCase(db, size) {
  return jobCase({
    id: 'rotate',
    title: 'Rotate',
    item: 'member',
    note: NOTE,
    size,
    whole: {
      arborist: { label: 'arborist-mesh', work: () => undone(db, () => wrapped(rotateEpoch(db), roster(db))) },
    },
    compose: (operations) => composeWrap(operations, size),
  });
}

/**
 * @param {import('arborist-mesh').MeshDatabase} db with one member more than `size`
 * @param {number} size
 */
function kickCase(db, size) {
  const target = newest(db);
  return jobCase({
    id: 'kick',
    title: 'Kick',
    item: 'member',
    note: NOTE,
    size,
    whole: {
      arborist: { label: 'arborist-mesh', work: () => undone(db, () => wrapped(kickMember(db, target), roster(db))) },
    },
    compose: (operations) => composeWrap(operations, size),
  });
}

/**
 * The member that came last.
 *
 * @param {import('arborist-mesh').MeshDatabase} db
 */
function newest(db) {
  return roster(db).reduce((last, member) => (member.sinceEpoch > last.sinceEpoch ? member : last)).memberId;
}

/**
 * @param {import('arborist-mesh').MembershipChange} change
 * @param {readonly import('arborist-mesh').MeshRosterEntry[]} members
 * @returns {number} to how many the secret was wrapped
 */
function wrapped(change, members) {
  return change.bundle.length > members.length * SLOT_BYTES ? members.length : 0;
}

/**
 * @param {import('../../types.js').Operations} operations
 * @param {number} size
 */
async function composeWrap({ hpkeSeal, sign, sha256 }, size) {
  if (hpkeSeal === undefined || sign === undefined || sha256 === undefined) return undefined;
  const bytes = byteSource(11);
  const plaintext = bytes(32);
  const recipients = Array.from({ length: size }, () => ({
    ...generateDhKeypair(),
    plaintext,
    info: bytes(INFO_BYTES),
  }));
  const privateKey = bytes(32);
  const signer = { privateKey, publicKey: ed25519.getPublicKey(privateKey), message: bytes(EVENT_BYTES) };
  const seal = await hpkeSeal(recipients);
  const signEvent = await sign([signer]);
  const hash = await checkedSha256(sha256, [
    new Uint8Array(size * SLOT_BYTES),
    new Uint8Array(size * ROSTER_ENTRY_BYTES),
  ]);
  requireRight(opensAgain(await seal(0), /** @type {typeof recipients[number]} */ (recipients[0])));
  requireRight(sameBytes(await signEvent(0), ed25519.sign(signer.message, privateKey)));
  return async () => {
    const sealed = await countRight(size, seal, ({ ciphertext }) => ciphertext.length === plaintext.length + 16);
    await hash(0);
    await hash(1);
    const signature = await signEvent(0);
    return signature.length === 64 ? sealed : 0;
  };
}
