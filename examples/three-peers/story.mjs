// @ts-check
/**
 * The story of three peers: found, join, seal, ingest, rotate, kick, verify. Everything goes through the public interface, and
 * bytes are handed from one peer to the other by plain function calls: how they travel is nobody's business here.
 */
import { join } from 'node:path';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  createInvite,
  currentEpoch,
  initIdentity,
  kickMember,
  MeshError,
  openDatabase,
  openGossip,
  requestJoin,
  roster,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from 'arborist-mesh';
import { sha256 } from './documents.mjs';
import { tellOfRecords } from './records.mjs';

/**
 * @typedef {import('arborist-mesh').MeshDatabase} MeshDatabase
 * @typedef {{ name: string, db: MeshDatabase }} Peer
 * @typedef {{ epoch: number, message: Uint8Array }} Note
 * @typedef {import('./narrator.mjs').Narrator} Narrator
 * @typedef {import('./narrator.mjs').Access} Access
 * @typedef {import('./documents.mjs').Document} Document
 */

const GROUP = 'orchard';

/** What the three peers may read: from the epoch in which they joined to the one before they were kicked. */
const MEMBERSHIP = { ada: { from: 0, until: 4 }, ben: { from: 1, until: 3 }, cleo: { from: 2, until: 4 } };

/** @param {string} folder @param {keyof typeof MEMBERSHIP} name @returns {Promise<Peer>} */
async function openPeer(folder, name) {
  return { name, db: await openDatabase({ file: join(folder, `${name}.db`) }) };
}

/** The roster as "ada (admin), ben, cleo". @param {MeshDatabase} db */
function rosterLine(db) {
  const names = roster(db).map(({ memberId, role }) => (role === 'admin' ? `${memberId} (admin)` : memberId));
  return `epoch ${currentEpoch(db)} · ${names.sort().join(', ')}`;
}

/**
 * Opens a message, or says with which error code that was refused.
 *
 * @param {Peer} peer @param {Uint8Array} message
 */
function tryToOpen(peer, message) {
  try {
    return { opened: openGossip(peer.db, message), refusal: null };
  } catch (error) {
    if (error instanceof MeshError) return { opened: null, refusal: error.code };
    throw error;
  }
}

/** The error code with which sealing was refused, or null. @param {Peer} peer */
function tryToSeal(peer) {
  try {
    sealNote(peer);
    return null;
  } catch (error) {
    if (error instanceof MeshError) return error.code;
    throw error;
  }
}

/** Whether the peer reads the message, held against whether it should. @param {Peer} peer @param {Note} sealed @returns {Access} */
function access(peer, { epoch, message }) {
  const { from, until } = MEMBERSHIP[/** @type {keyof typeof MEMBERSHIP} */ (peer.name)];
  const reads = tryToOpen(peer, message).opened !== null;
  if (reads !== (epoch >= from && epoch <= until)) return 'wrong';
  return reads ? 'reads' : 'refused';
}

/** Hands a membership event to peers. @param {Uint8Array} bundle @param {Peer[]} peers */
function deliver(bundle, peers) {
  for (const { db } of peers) applyEvents(db, [bundle]);
}

/** A short text that `peer` seals in its current epoch. @param {Peer} peer @returns {Note} */
function sealNote(peer) {
  const epoch = currentEpoch(peer.db) ?? 0;
  return { epoch, message: sealGossip(peer.db, new TextEncoder().encode(`note of epoch ${epoch}`)) };
}

/** @param {Narrator} narrator @param {Peer} admin @param {Peer} joiner @param {Peer[]} others */
async function welcomeIn(narrator, admin, joiner, others) {
  const fingerprints = await narrator.step(`${joiner.name} joins: invite → join request → add → welcome`, (note) => {
    const { invite } = createInvite(admin.db);
    const request = requestJoin(joiner.db, invite, { memberId: joiner.name });
    const added = addMember(admin.db, request.request);
    acceptWelcome(joiner.db, added.welcome);
    setEnabled(joiner.db, true);
    deliver(added.bundle, others);
    note(`invite ${invite.length} characters · welcome ${added.welcome.length.toLocaleString('en')} bytes`);
    note(rosterLine(joiner.db));
    return { joiner: request.fingerprint, admin: added.fingerprint };
  });
  narrator.expect(
    `both sides read the same fingerprint: ${fingerprints.joiner}`,
    fingerprints.joiner === fingerprints.admin,
  );
}

/**
 * Every peer seals one document, all others open it.
 *
 * @param {Narrator} narrator @param {Peer[]} peers @param {Document[]} documents
 */
async function exchangeDocuments(narrator, peers, documents) {
  const parcels = await narrator.step('Every peer seals a document as gossip', (note) =>
    peers.map((sender, index) => {
      const document = /** @type {Document} */ (documents[index % documents.length]);
      const message = sealGossip(sender.db, document.bytes);
      note(`${sender.name} seals ${document.name} (${document.bytes.length.toLocaleString('en')} bytes)`);
      return { sender, document, message };
    }),
  );
  const openings = await narrator.step('The others open what they were handed', (note) =>
    parcels.flatMap(({ sender, document, message }) =>
      peers
        .filter((peer) => peer !== sender)
        .map((reader) => {
          const opened = openGossip(reader.db, message);
          const digest = sha256(opened.payload);
          note(
            `${reader.name} ← ${opened.sender} · epoch ${opened.epoch} · sha256 ${digest.slice(0, 16)}… ${document.name}`,
          );
          return opened.sender === sender.name && opened.epoch === 2 && digest === document.sha256;
        }),
    ),
  );
  narrator.expect(
    `${openings.length} openings name the right sender and epoch and give the very bytes`,
    openings.length > 0 && openings.every(Boolean),
  );
}

/**
 * Tells the whole story.
 *
 * @param {{ folder: string, documents: Document[], narrator: Narrator }} setting
 */
export async function tellStory({ folder, documents, narrator }) {
  const ada = await openPeer(folder, 'ada');
  const ben = await openPeer(folder, 'ben');
  const cleo = await openPeer(folder, 'cleo');
  /** @type {[Peer, Peer, Peer]} */
  const everyone = [ada, ben, cleo];
  /** @type {Note[]} */
  const notes = [];

  await narrator.step(`ada founds the group "${GROUP}" and enables the mesh`, (note) => {
    initIdentity(ada.db, { groupName: GROUP, memberId: 'ada' });
    setEnabled(ada.db, true);
    note(rosterLine(ada.db));
  });
  notes.push(sealNote(ada));

  await welcomeIn(narrator, ada, ben, []);
  notes.push(sealNote(ada));
  await welcomeIn(narrator, ada, cleo, [ben]);
  notes.push(sealNote(ada));

  await exchangeDocuments(narrator, everyone, documents);
  await tellOfRecords({ narrator, peers: everyone, documents });

  await narrator.step('ada rotates the secret, as scheduled', (note) => {
    const { bundle } = rotateEpoch(ada.db);
    deliver(bundle, [ben, cleo]);
    note(rosterLine(ada.db));
  });
  notes.push(sealNote(ada));
  const lastWords = sealGossip(ben.db, new TextEncoder().encode('sealed by ben while he was a member'));
  openGossip(ada.db, lastWords);

  const kick = await narrator.step('ada kicks ben: one event, a new secret, no slot for him', (note) => {
    const { bundle } = kickMember(ada.db, 'ben');
    deliver(bundle, [cleo]);
    note(rosterLine(cleo.db));
    return bundle;
  });
  notes.push(sealNote(ada));

  const { kept, late } = await narrator.step('What ben signed before the kick, and what he signs after it', () => {
    const tooLate = sealGossip(ben.db, new TextEncoder().encode('sealed by ben, who has not heard of the kick'));
    return { kept: tryToOpen(cleo, lastWords), late: tryToOpen(cleo, tooLate) };
  });
  narrator.expect(
    `cleo opens and verifies what ben sealed in epoch ${kept.opened?.epoch} before the kick`,
    kept.opened?.sender === 'ben' && kept.opened.epoch === 3,
  );
  narrator.expect(`what ben seals afterwards is refused (${late.refusal})`, late.opened === null);

  const { fresh, sealing } = await narrator.step('ben hears of the kick: he can verify it, but has no slot', (note) => {
    deliver(kick, [ben]);
    note(rosterLine(ben.db));
    return { fresh: tryToOpen(ben, /** @type {Note} */ (notes.at(-1)).message), sealing: tryToSeal(ben) };
  });
  narrator.expect(`ben cannot open the new epoch's messages (${fresh.refusal})`, fresh.opened === null);
  narrator.expect(`ben cannot seal any more (${sealing})`, sealing !== null);

  const rows = await narrator.step('Who can read what: one message of each epoch, every peer tries', () =>
    everyone.map((peer) => ({ peer: peer.name, cells: notes.map((sealed) => access(peer, sealed)) })),
  );
  narrator.table(
    notes.map(({ epoch }) => `epoch ${epoch}`),
    rows,
  );
  narrator.expect(
    'each reads the epochs of its membership and no others',
    !rows.some(({ cells }) => cells.includes('wrong')),
  );

  const reports = await narrator.step('The history is verified from genesis to head, by each on its own', (note) =>
    [ada, cleo].map(({ name, db }) => {
      const report = verifyHistory(db);
      note(
        `${name}: ${report.events} events, epochs 0–${currentEpoch(db)}, ${report.records} records, ${report.problems.length} problems`,
      );
      return report;
    }),
  );
  narrator.expect(
    'every signature, roster hash, commitment and record is good',
    reports.every(({ ok }) => ok),
  );

  for (const { db } of everyone) db.close();
}
