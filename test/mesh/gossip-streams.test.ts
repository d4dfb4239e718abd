/** The streams of peers whose databases are files: one goes on from process to process, and none is ever shared. */
import fs from 'node:fs';
import process from 'node:process';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseFrame } from '../../src/codec/frame.js';
import {
  conflicts,
  initIdentity,
  kickMember,
  type MeshDatabase,
  openDatabase,
  openGossip,
  sealGossip,
  setEnabled,
} from '../../src/index.js';
import { storedEvent } from '../../src/mesh/event-store.js';
import { decodeGossip } from '../../src/mesh/gossip-message.js';
import { temporaryFile } from '../store/temporary-folder.js';
import { join, openFounder } from './support/peers.js';

const payload = new TextEncoder().encode('the oak is sound');
const headerOf = (message: Uint8Array) => decodeGossip(parseFrame(message, { maxBytes: 1 << 20 }));
const placeOf = (message: Uint8Array) => {
  const { streamId, seq } = headerOf(message);
  return `${streamId.join()} ${seq}`;
};
const streamsOf = (messages: readonly Uint8Array[]) =>
  new Set(messages.map((message) => headerOf(message).streamId.join()));

/** One process's worth of work: opens the file, seals once, and closes. */
async function sealOnce(file: string): Promise<Uint8Array> {
  const db = await openDatabase({ file });
  const message = sealGossip(db, payload);
  db.close();
  return message;
}

async function sealOften(file: string, times: number): Promise<Uint8Array[]> {
  const messages: Uint8Array[] = [];
  for (let i = 0; i < times; i++) messages.push(await sealOnce(file));
  return messages;
}

let ada: MeshDatabase;
let file: string;

beforeEach(async () => {
  ada = await openFounder('ada');
  file = temporaryFile();
  const ben = await openDatabase({ file });
  join(ada, ben, 'ben');
  ben.close();
});

const openAll = (messages: readonly Uint8Array[]) => messages.map((message) => openGossip(ada, message));

describe.runIf(process.platform === 'linux')('A file that is opened for each message', () => {
  test('has one stream', async () => {
    const messages = await sealOften(file, 5);
    expect(openAll(messages).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
    expect(streamsOf(messages).size).toBe(1);
  });

  test('has one stream in the cut of a kick', async () => {
    openAll(await sealOften(file, 4));
    const { change } = storedEvent(ada, kickMember(ada, 'ben').eventId);
    expect(change.kind === 'kick' && change.cut.map(({ seq }) => seq)).toEqual([3]);
  });
});

describe('a restored backup repeats no AEAD nonce and frames no one', () => {
  test.each(['backup()', 'a copy of the file', 'the image before'])('restored from %s', async (source) => {
    const backup = `${file}.backup`;
    const before = await sealOften(file, 2);
    if (source === 'backup()') {
      const db = await openDatabase({ file, readonly: true });
      db.backup(backup);
      db.close();
    } else {
      fs.cpSync(file, backup, { preserveTimestamps: true });
    }
    const lost = await sealOften(file, 2);
    fs.renameSync(source === 'the image before' ? `${file}.bak` : backup, file);
    const after = await sealOften(file, 2);

    const messages = [...before, ...lost, ...after];
    openAll(messages);
    expect(conflicts(ada)).toEqual([]);
    expect(new Set(messages.map(placeOf)).size).toBe(6);
    expect(new Set(messages.map((message) => headerOf(message).nonce.join())).size).toBe(6);
    for (const stream of streamsOf(after)) expect(streamsOf([...before, ...lost])).not.toContain(stream);
  });

  test('nor do clones that all go on sealing', async () => {
    const before = await sealOften(file, 2);
    const clones = [file, `${file}.b`, `${file}.c`];
    for (const clone of clones.slice(1)) fs.cpSync(file, clone, { preserveTimestamps: true });
    const inMemory = await openDatabase({ bytes: fs.readFileSync(file) });
    const messages = [...before, sealGossip(inMemory, payload)];
    for (let round = 0; round < 3; round++) {
      for (const clone of clones) messages.push(await sealOnce(clone));
    }
    openAll(messages);
    expect(conflicts(ada)).toEqual([]);
    expect(new Set(messages.map(placeOf)).size).toBe(messages.length);
    if (process.platform === 'linux') expect(streamsOf(messages).size).toBe(4);
  });
});

test('a stream belongs to one membership: two groups in one process have two', async () => {
  const other = await openDatabase();
  initIdentity(other, { groupName: 'meadow', memberId: 'cleo' });
  setEnabled(other, true);
  expect(streamsOf([sealGossip(ada, payload), sealGossip(other, payload)]).size).toBe(2);
});
