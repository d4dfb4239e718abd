/**
 * Open N gossip messages of four senders: one at a time, and as a batch whose signatures are verified together.
 *
 * @module
 */
import {
  acceptWelcome,
  addMember,
  applyEvents,
  createInvite,
  initIdentity,
  openDatabase,
  openGossip,
  openGossipBatch,
  requestJoin,
  sealGossip,
  setEnabled,
} from 'arborist-mesh';
import { aeadEncrypt } from 'arborist-mesh/crypto';
import { byteSource } from '../../bytes.mjs';
import { signedMessages } from '../signed-messages.mjs';
import { checkedSha256, countRight, jobCase, requireRight, undone } from './job.mjs';

const SENDERS = 4;
const PAYLOAD_BYTES = 100;
/** Lengths in the formats of docs/protocol.md: what a message's seal binds beside it, what its signature covers. */
const AAD_BYTES = 220;
const MESSAGE_BYTES = 390;

const NOTE =
  'Payloads of 100 bytes from four senders. arborist-mesh does the whole job: formats, membership, order in the stream, ' +
  'storing (in memory, rolled back afterwards). The composed jobs do its cryptography only: one signature, one opened seal and one ' +
  'SHA-256 for each message. OpenSSL has no XChaCha20-Poly1305; its seal is ChaCha20-Poly1305.';

/** @type {import('../../types.js').Suite} */
export const gossip = {
  id: 'gossip',
  title: 'Gossip',
  aliases: ['jobs'],
  cases: async ({ jobSizes }) => {
    const { receiver, senders } = await makeGroup();
    return jobSizes.map((size) => gossipCase(receiver, senders, size));
  },
};

/** @typedef {import('arborist-mesh').MeshDatabase} MeshDatabase */

/** A founder who receives, and members who send. */
async function makeGroup() {
  const receiver = await openDatabase();
  initIdentity(receiver, { groupName: 'benchmark' });
  setEnabled(receiver, true);
  /** @type {MeshDatabase[]} */
  const senders = [];
  for (let count = 0; count < SENDERS; count++) {
    const sender = await openDatabase();
    const { request } = requestJoin(sender, createInvite(receiver).invite);
    const { welcome, bundle } = addMember(receiver, request);
    acceptWelcome(sender, welcome);
    setEnabled(sender, true);
    for (const earlier of senders) applyEvents(earlier, [bundle]);
    senders.push(sender);
  }
  return { receiver, senders };
}

/**
 * @param {MeshDatabase} receiver
 * @param {readonly MeshDatabase[]} senders
 * @param {number} size
 */
function gossipCase(receiver, senders, size) {
  const bytes = byteSource(size);
  const messages = Array.from({ length: size }, (_, index) =>
    sealGossip(/** @type {MeshDatabase} */ (senders[index % senders.length]), bytes(PAYLOAD_BYTES)),
  );
  return jobCase({
    id: 'gossip',
    title: 'Open gossip',
    item: 'message',
    note: NOTE,
    size,
    whole: {
      arborist: {
        label: 'arborist-mesh, batch',
        work: () =>
          undone(receiver, () => openGossipBatch(receiver, messages).filter(({ error }) => error === null).length),
      },
      'arborist-single': {
        label: 'arborist-mesh, one at a time',
        work: () =>
          undone(
            receiver,
            () => messages.filter((message) => openGossip(receiver, message).duplicate === false).length,
          ),
      },
    },
    compose: (operations) => composeOpen(operations, size),
  });
}

/**
 * @param {import('../../types.js').Operations} operations
 * @param {number} size
 */
async function composeOpen({ verify, verifyBatch, openSeal, sha256 }, size) {
  if (verify === undefined || openSeal === undefined || sha256 === undefined) return undefined;
  const signatures = signedMessages(size, SENDERS, 13, MESSAGE_BYTES);
  const sealed = sealedMessages(size);
  const verifyOne = await verify(signatures);
  const verifyAll = await verifyBatch?.([{ items: signatures }]);
  const open = await openSeal(sealed);
  const hash = await checkedSha256(
    sha256,
    signatures.map(({ message }) => message),
  );
  requireRight((await open(0)).length === PAYLOAD_BYTES);
  return async () => {
    const good =
      verifyAll === undefined
        ? await countRight(size, verifyOne, (verdict) => verdict)
        : (await verifyAll(0)).filter((verdict) => verdict).length;
    const hashed = await countRight(size, hash, (digest) => digest.length === 32);
    const opened = await countRight(size, open, (plaintext) => plaintext.length === PAYLOAD_BYTES);
    return Math.min(good, hashed, opened);
  };
}

/**
 * @param {number} count
 * @returns {import('../../types.js').SealInput[]}
 */
function sealedMessages(count) {
  const bytes = byteSource(17);
  return Array.from({ length: count }, () => {
    const [key, nonce, aad] = [bytes(32), bytes(24), bytes(AAD_BYTES)];
    return { key, nonce, aad, text: aeadEncrypt(key, nonce, bytes(PAYLOAD_BYTES), aad) };
  });
}
