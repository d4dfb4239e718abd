// @ts-check
/**
 * One peer of the story over TLS, in a process of its own: takes commands from the story over the process's message
 * channel, and answers each.
 */
import process from 'node:process';
import {
  createInvite,
  ingest,
  initIdentity,
  kickMember,
  meshStatus,
  openDatabase,
  openGossip,
  publishRecord,
  recordContent,
  records,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from 'arborist-mesh';
import { fetchRecord, joinGroup, openInviteToAll, serveMesh, startGossip, syncWith } from 'arborist-mesh/wire';

/** @type {import('arborist-mesh').MeshDatabase} */
let db;
/** @type {import('arborist-mesh/wire').RunningServer} */
let server;
/** @type {import('arborist-mesh/wire').RunningGossip} */
let gossip;

/** @type {Record<string, (...args: any[]) => unknown>} */
const commands = {
  async open(/** @type {string} */ file) {
    db = await openDatabase({ file });
  },
  found(/** @type {string} */ memberId) {
    initIdentity(db, { groupName: 'orchard', memberId });
    setEnabled(db, true);
  },
  async serve() {
    server = await serveMesh(db, { advertise: true });
    gossip = startGossip(db, { interval: 500, allowPrivate: true });
    return server.url;
  },
  invite() {
    const { invite, inviteId } = createInvite(db, {
      urls: [server.url],
      certPins: server.certPin === null ? [] : [server.certPin],
    });
    openInviteToAll(db, inviteId);
    return invite;
  },
  async join(/** @type {string} */ invite, /** @type {string} */ memberId) {
    const { epoch } = await joinGroup(db, invite, { memberId });
    setEnabled(db, true);
    return epoch;
  },
  say: (/** @type {string} */ text) => sealGossip(db, new TextEncoder().encode(text)),
  tryToRead(/** @type {Uint8Array} */ message) {
    try {
      return new TextDecoder().decode(openGossip(db, message).payload);
    } catch {
      return null;
    }
  },
  rotate: () => rotateEpoch(db).epoch,
  kick: (/** @type {string} */ memberId) => kickMember(db, memberId).epoch,
  async publish(/** @type {string} */ uri, /** @type {Uint8Array} */ bytes) {
    const { recordId, documentRoot } = await ingest(db, bytes, { uri, store: 'chunks' });
    publishRecord(db, recordId);
    return documentRoot;
  },
  /** Fetches what a record of another peer describes, and gives its root and bytes. */
  async fetch(/** @type {string} */ uri, /** @type {string} */ url, /** @type {Uint8Array} */ certPin) {
    const [record] = records(db, { uri });
    if (record === undefined) return null;
    const { verdict } = await fetchRecord(db, record.recordId, [{ url, certPin }]);
    return verdict?.verified === true ? recordContent(db, record.recordId) : null;
  },
  async sync(/** @type {string} */ url, /** @type {Uint8Array} */ certPin) {
    try {
      const { bytesSent, bytesReceived, exchanges } = await syncWith(db, { url, certPin });
      return { refused: null, bytes: bytesSent + bytesReceived, exchanges };
    } catch (error) {
      return { refused: /** @type {any} */ (error).refusal ?? /** @type {any} */ (error).code, bytes: 0, exchanges: 0 };
    }
  },
  pin: () => server.certPin,
  status() {
    const { group } = meshStatus(db);
    return { epoch: group?.epoch, messages: group?.messages, members: group?.members };
  },
  verify: () => verifyHistory(db).problems.length,
  async close() {
    await gossip.stop();
    await server.close();
    db.close();
  },
};

process.on('message', async (/** @type {[string, ...unknown[]]} */ [name, ...args]) => {
  try {
    process.send?.({ result: await commands[name]?.(...args) });
  } catch (error) {
    process.send?.({ error: String(error) });
  }
  if (name === 'close') process.disconnect();
});
