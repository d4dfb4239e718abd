/** Databases as former versions left them: each is opened, says what it said then, and works on. */
import fs from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  acceptWelcome,
  addMember,
  history,
  kickMember,
  loadIdentity,
  type MeshDatabase,
  meshStatus,
  openDatabase,
  openGossip,
  records,
  requestJoin,
  roster,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from '../../src/index.js';
import { MIGRATIONS } from '../../src/store/migrations/index.js';
import { expectSameBytes } from '../support/expect-bytes.js';
import { temporaryFile } from './temporary-folder.js';

/** What `scripts/write-store-fixture.mjs` wrote beside a database. */
interface Expected {
  readonly passphrase: string | null;
  readonly now: number;
  readonly groupId: string;
  readonly head: string;
  readonly epoch: number;
  readonly orphans: number;
  readonly members: readonly unknown[];
  readonly history: readonly unknown[];
  readonly verified: object;
  readonly messages: readonly { readonly message: string; readonly payload: string }[];
  readonly records: readonly unknown[];
  readonly invite: string;
}

const fixtures = new URL('./fixtures/', import.meta.url);
const names = fs
  .readdirSync(fixtures)
  .filter((name) => name.endsWith('.db.gz'))
  .map((name) => name.slice(0, -'.db.gz'.length));

const base64 = (bytes: Uint8Array | undefined) => btoa(String.fromCharCode(...(bytes ?? [])));
const bytesOf = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

function stored(name: string) {
  const image = new Uint8Array(gunzipSync(fs.readFileSync(new URL(`${name}.db.gz`, fixtures))));
  const expected = JSON.parse(fs.readFileSync(new URL(`${name}.json`, fixtures), 'utf8')) as Expected;
  const file = temporaryFile();
  fs.writeFileSync(file, image);
  const { passphrase, now } = expected;
  const options = { file, now: () => now, ...(passphrase === null ? {} : { passphrase }) };
  return {
    image,
    expected,
    file,
    open: () => openDatabase(options),
    readonly: () => openDatabase({ ...options, readonly: true }),
  };
}

/** The same facts that the fixture's program wrote down. */
function factsOf(db: MeshDatabase): Omit<Expected, 'passphrase' | 'now' | 'messages' | 'invite'> {
  const group = meshStatus(db).group;
  const { ok, events, signatures, envelopes, secrets } = verifyHistory(db);
  return {
    groupId: base64(group?.groupId),
    head: base64(group?.head),
    epoch: group?.epoch ?? -1,
    orphans: group?.orphans ?? -1,
    members: roster(db).map(({ memberId, role, signPub }) => ({ memberId, role, signPub: base64(signPub) })),
    history: history(db).map(({ eventId, epoch, kind, onHeadPath, hasSecret }) => ({
      eventId: base64(eventId),
      epoch,
      kind,
      onHeadPath,
      hasSecret,
    })),
    verified: { ok, events, signatures, envelopes, secrets },
    records: records(db).map(({ uri, documentRoot }) => ({ uri, documentRoot: base64(documentRoot) })),
  };
}

test('every version before this one has left a database', () => {
  const versions = new Set(names.map((name) => Number(/^schema-(\d+)/.exec(name)?.[1])));
  expect([...versions].sort((a, b) => a - b)).toEqual(MIGRATIONS.slice(1).map((_, i) => i + 1));
});

describe.each(names)('The database %s', (name) => {
  test('is what its name says', () => {
    const { image } = stored(name);
    const version = new DataView(image.buffer, image.byteOffset).getUint32(60);
    expect(version).toBe(Number(/^schema-(\d+)/.exec(name)?.[1]));
    expect(version).toBeLessThan(MIGRATIONS.length);
  });

  test('says what it said, read-only and after it was brought up to date', async () => {
    const { image, expected, file, open, readonly } = stored(name);
    const { passphrase, now, messages, invite, ...facts } = expected;
    const reader = await readonly();
    expect(factsOf(reader)).toEqual(facts);
    reader.close();
    expectSameBytes(fs.readFileSync(file), image, () => 'the file after reading');

    const db = await open();
    expect(db.sql.get('PRAGMA user_version')).toEqual({ user_version: MIGRATIONS.length });
    expectSameBytes(fs.readFileSync(`${file}.bak`), image, () => 'the image before');
    expect(factsOf(db)).toEqual(facts);
    expect(loadIdentity(db)).toMatchObject({ memberId: 'ada', groupName: 'orchard', createdAt: now });
    for (const { message, payload } of messages) {
      const opened = openGossip(db, bytesOf(message));
      expect(new TextDecoder().decode(opened.payload)).toBe(payload);
      expect(opened.duplicate).toBe(true);
    }
    db.close();
    const again = await open();
    expect(factsOf(again)).toEqual(facts);
    again.close();
  });

  test('works on: its open invite admits, and whoever it admits can talk', async () => {
    const { expected, open } = stored(name);
    const db = await open();
    const dora = await openDatabase({ now: () => expected.now });
    const { request } = requestJoin(dora, expected.invite, { memberId: 'dora' });
    acceptWelcome(dora, addMember(db, request).welcome);
    setEnabled(dora, true);
    const message = sealGossip(db, new TextEncoder().encode('welcome'));
    expect(openGossip(dora, message)).toMatchObject({ sender: 'ada', seq: 0 });
    expect(openGossip(db, sealGossip(dora, new Uint8Array()))).toMatchObject({ sender: 'dora' });
    rotateEpoch(db);
    kickMember(db, 'dora');
    expect(verifyHistory(db).ok).toBe(true);
    db.close();
  });
});
