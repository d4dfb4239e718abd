// @ts-check
/**
 * Writes the database that the tests of a later schema open, with what it must still say then:
 * `node scripts/write-store-fixture.mjs DIST NAME [PASSPHRASE]`, where DIST is the `dist` folder of a build of the
 * version whose schema it is. To be run when a migration is added, on the version before.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const [dist, name, passphrase] = process.argv.slice(2);
if (dist === undefined || name === undefined) throw new Error('usage: write-store-fixture.mjs DIST NAME [PASSPHRASE]');
const built = (/** @type {string} */ module) => import(pathToFileURL(resolve(dist, module)).href);
/** @type {typeof import('../src/index.js')} */
const library = await built('index.js');

const folder = fileURLToPath(new URL('../test/store/fixtures', import.meta.url));
const workplace = mkdtempSync(joinPath(tmpdir(), 'arborist-fixture-'));
const file = joinPath(workplace, 'mesh.db');
const NOW = 1_800_000_000;
const now = () => NOW;
const text = (/** @type {string} */ words) => new TextEncoder().encode(words);
const base64 = (/** @type {Uint8Array} */ bytes) => btoa(String.fromCharCode(...bytes));

const ada = await library.openDatabase({ file, now });
if (passphrase !== undefined) {
  // At the least cost that there is: tests open it often.
  const { newDataKey } = await built('store/secrets/data-key.js');
  const { changeDataKey } = await built('store/secrets/change-passphrase.js');
  await changeDataKey(ada, await newDataKey(passphrase, { memory: 8, passes: 1, lanes: 1 }));
}
library.initIdentity(ada, { groupName: 'orchard', memberId: 'ada' });
library.setEnabled(ada, true);

/** Brings a peer into the group. */
async function join(/** @type {string} */ memberId) {
  const peer = await library.openDatabase({ now });
  const { request } = library.requestJoin(peer, library.createInvite(ada).invite, { memberId });
  library.acceptWelcome(
    peer,
    library.addMember(ada, request, { role: memberId === 'ben' ? 'admin' : 'member' }).welcome,
  );
  library.setEnabled(peer, true);
  return peer;
}

const ben = await join('ben');
const cleo = await join('cleo');
library.applyEvents(ben, library.eventsSince(ada));
const messages = [library.sealGossip(ada, text('the oak is sound')), library.sealGossip(cleo, text('the ash is not'))];
for (const message of messages) library.openGossip(ada, message);
// Two admins at once: one of the two rotations loses.
const lost = library.rotateEpoch(ben);
library.kickMember(ada, 'cleo');
library.applyEvents(ada, [lost.bundle]);
// An event that waits for one that never came.
library.applyEvents(ben, library.eventsSince(ada));
library.rotateEpoch(ben);
library.applyEvents(ada, [library.rotateEpoch(ben).bundle]);
messages.push(library.sealGossip(ada, text('cleo has left')));
const { invite } = library.createInvite(ada, { expiresIn: 366 * 24 * 60 * 60 });

// Versions before 4 know no documents.
if ('ingest' in library) await library.ingest(ada, text('The oak is sound.\n'), { uri: 'orchard:oak' });
const records = 'records' in library ? library.records(ada) : [];

const { group } = library.meshStatus(ada);
if (group === null) throw new Error('founding a group left none');
const expected = {
  passphrase: passphrase ?? null,
  now: NOW,
  groupId: base64(group.groupId),
  head: base64(group.head),
  epoch: group.epoch,
  orphans: group.orphans,
  members: library.roster(ada).map(({ memberId, role, signPub }) => ({ memberId, role, signPub: base64(signPub) })),
  history: library.history(ada).map(({ eventId, epoch, kind, onHeadPath, hasSecret }) => ({
    eventId: base64(eventId),
    epoch,
    kind,
    onHeadPath,
    hasSecret,
  })),
  verified: (({ ok, events, signatures, envelopes, secrets }) => ({ ok, events, signatures, envelopes, secrets }))(
    library.verifyHistory(ada),
  ),
  messages: messages.map((message) => ({
    message: base64(message),
    payload: new TextDecoder().decode(library.openGossip(ada, message).payload),
  })),
  records: records.map(({ uri, documentRoot }) => ({ uri, documentRoot: base64(documentRoot) })),
  invite,
};
ada.close();
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/${name}.db.gz`, gzipSync(readFileSync(file), { level: 9 }));
writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(expected, null, 2)}\n`);
rmSync(workplace, { recursive: true });
