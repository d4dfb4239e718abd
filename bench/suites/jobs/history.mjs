/**
 * A long history of a group, for the mission jobs, made from the formats alone: the founder's signed events with commitments
 * in them, but without envelopes, whose seals would take hours at ten thousand members. Every other peer accepts such
 * events, since an envelope is no part of an event's validity.
 *
 * @module
 */

import { applyEvents, initIdentity, loadIdentity, openDatabase, roster, setEnabled } from 'arborist-mesh';
import { generateDhKeypair, generateSigningKeypair, sign } from 'arborist-mesh/crypto';
import { encode } from 'cborg';
import { join } from '../../bytes.mjs';
import { GrowingRoster } from './growing-roster.mjs';

const ascii = (/** @type {string} */ text) => new TextEncoder().encode(text);
const NOW = 1_700_000_000;
/** Stands for a commitment that nobody can check without the envelope. */
const UNCHECKED = new Uint8Array(32);
/** Events applied in one transaction. */
const BATCH = 1_000;
/** Up to this many members the bytes of every roster are kept; they grow with the square of the number. */
const KEPT_ROSTER_MEMBERS = 128;

/** @typedef {import('../../types.js').VerifyInput} VerifyInput */

/**
 * @typedef {object} Group
 * @property {import('arborist-mesh').MeshDatabase} db the founder's database, in memory
 * @property {Uint8Array} groupId
 * @property {VerifyInput[]} signatures every signature of the history but the genesis's, as a verifier sees it
 * @property {Uint8Array[]} signingKeys those of the added members, in the order of their adds
 * @property {Uint8Array[]} rosters the bytes of every roster that differs from the one before, where there are few members
 */

/**
 * Founds a group and lets it grow.
 *
 * @param {number} members the founder included
 * @param {number} events added events; those that add nobody begin a new epoch
 * @returns {Promise<Group>}
 */
export async function foundGroup(members, events) {
  const db = await openDatabase({ now: () => NOW });
  initIdentity(db, { groupName: 'benchmark', memberId: 'founder' });
  setEnabled(db, true);
  const identity = loadIdentity(db);
  const founder = roster(db)[0];
  if (identity === null || founder === undefined) throw new Error('founding a group left no founder');
  /** @type {Group} */
  const group = { db, groupId: founder.mid, signatures: [], signingKeys: [], rosters: [] };
  const entries = new GrowingRoster();
  entries.add(founder.signPub, rosterEntry(founder.signPub, founder.dhPub, 'founder', 'admin'));
  let prev = founder.mid;
  let rosterHash = new Uint8Array(0);
  let bundles = [];
  for (let epoch = 1; epoch <= events; epoch++) {
    const joins = entries.count < members;
    const request = joins ? await joinRequest(group, entries, `member-${epoch}`) : undefined;
    const rosterBytes = entries.encoded();
    const change = request === undefined ? ['rotate', []] : ['add', [request, 'member']];
    if (joins || epoch === 1) {
      rosterHash = await sha256(join(ascii('arborist-mesh/1 roster\0'), rosterBytes));
      if (members <= KEPT_ROSTER_MEMBERS) group.rosters.push(rosterBytes.slice());
    }
    const payload = encode([group.groupId, epoch, prev, ...change, rosterHash, UNCHECKED, UNCHECKED, NOW]);
    const frame = await signedFrame(group, 'event', founder.mid, founder.signPub, identity.signPriv, payload);
    prev = frame.id;
    bundles.push(encode([frame.bytes, null]));
    if (bundles.length === BATCH || epoch === events) {
      applyAll(db, bundles);
      bundles = [];
    }
  }
  return group;
}

/**
 * @param {import('arborist-mesh').MeshDatabase} db
 * @param {Uint8Array[]} bundles
 */
function applyAll(db, bundles) {
  const refused = applyEvents(db, bundles).results.find(({ outcome }) => outcome !== 'applied');
  if (refused !== undefined) throw new Error(`the made-up history is not valid: ${refused.reason ?? refused.outcome}`);
}

/**
 * A joiner's signed request; its two proofs are for the inviter alone, whom it does not meet here.
 *
 * @param {Group} group remembers the key
 * @param {GrowingRoster} entries gets the new member
 * @param {string} memberId
 */
async function joinRequest(group, entries, memberId) {
  const { privateKey, publicKey } = generateSigningKeypair();
  group.signingKeys.push(privateKey);
  const dhPub = generateDhKeypair().publicKey;
  entries.add(publicKey, rosterEntry(publicKey, dhPub, memberId, 'member'));
  const id = new Uint8Array(16);
  const payload = encode([group.groupId, id, id, memberId, dhPub, NOW, UNCHECKED, UNCHECKED]);
  return (await signedFrame(group, 'join-request', publicKey, publicKey, privateKey, payload)).bytes;
}

/**
 * @param {Group} group remembers the signature
 * @param {string} type
 * @param {Uint8Array} signer
 * @param {Uint8Array} publicKey
 * @param {Uint8Array} privateKey
 * @param {Uint8Array} payload
 */
async function signedFrame(group, type, signer, publicKey, privateKey, payload) {
  const body = encode([signer, payload]);
  const message = join(ascii(`arborist-mesh/1 ${type}\0`), body);
  const signature = sign(privateKey, message);
  group.signatures.push({ publicKey, signature, message });
  const id = await sha256(join(ascii(`arborist-mesh/1 ${type} id\0`), body));
  return { id, bytes: encode([1, type, signer, signature, payload]) };
}

/**
 * @param {Uint8Array} signPub
 * @param {Uint8Array} dhPub
 * @param {string} memberId
 * @param {string} role
 */
function rosterEntry(signPub, dhPub, memberId, role) {
  return encode([signPub, dhPub, memberId, role]);
}

/**
 * The platform's own: at ten thousand members the rosters come to gigabytes.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}
