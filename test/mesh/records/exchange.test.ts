/** Records between peers: ingest, publish, receive, chunks one by one, and the whole compared with what was signed. */
import { describe, expect, test } from 'vitest';
import {
  acceptChunk,
  chunkWithProof,
  completeRecord,
  corroboration,
  documentDigest,
  ingest,
  ingestAll,
  initIdentity,
  kickMember,
  type MeshDatabase,
  type MeshRecord,
  merkleLeaf,
  missingChunks,
  openDatabase,
  openGossip,
  prune,
  publishRecord,
  receiveGossip,
  receiveRecord,
  recordById,
  recordContent,
  records,
  rotateEpoch,
  sealGossip,
  verifyHistory,
  verifyRecord,
} from '../../../src/index.js';
import { deliver, join, openGroup, openPeer } from '../support/peers.js';
import { unchanged } from '../support/unchanged.js';
import { sampleText } from './support/documents.js';

const uri = 'https://example.org/oak.txt';
const chunker = { name: 'fixed/1', size: 1_000 } as const;
const bytes = (text: string) => new TextEncoder().encode(text);
const text = sampleText(10_500);

/** Moves all chunks of a record from one peer to another. */
function transfer(from: MeshDatabase, to: MeshDatabase, { recordId }: MeshRecord): void {
  to.transaction(() => {
    for (const index of missingChunks(to, recordId)) {
      const { bytes, proof } = chunkWithProof(from, recordId, index);
      acceptChunk(to, recordId, index, bytes, proof);
    }
  });
}

describe('Ingesting', () => {
  test('gives two peers the same root, and each a record of its own', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const [a, b] = [await ingest(ada, bytes(text), { uri }), await ingest(ben, bytes(text), { uri })];
    expect(a.documentRoot).toEqual(b.documentRoot);
    expect(a.contentSha256).toEqual(b.contentSha256);
    expect(a.recordId).not.toEqual(b.recordId);
    expect([a.author, b.author]).toEqual(['ada', 'ben']);
    expect(a).toMatchObject({ uri, published: false, verified: true, chunks: 0 });
  });

  test('says what the pure library says', async () => {
    const { ada } = await openGroup(['ada']);
    const record = await ingest(ada, bytes(text), { uri, chunker, store: 'chunks' });
    const { leaves, ...digest } = documentDigest(bytes(text), { chunker });
    expect(record).toMatchObject(digest);
    expect(record.chunks).toBe(leaves.length / 32);
    expect(recordContent(ada, record.recordId)).toEqual(bytes(text));
  });

  test('takes bytes, Blobs, streams and pieces alike', async () => {
    const { ada } = await openGroup(['ada']);
    const pieces = async function* () {
      for (let at = 0; at < text.length; at += 700) yield bytes(text.slice(at, at + 700));
    };
    const blob = new Blob([text]);
    const first = await ingest(ada, bytes(text), { uri });
    for (const source of [blob, blob.stream(), pieces()]) {
      expect((await ingest(ada, source, { uri })).recordId).toEqual(first.recordId);
    }
    expect(records(ada)).toHaveLength(1);
  });

  test('the same again signs nothing new, but keeps the chunks if asked to', async () => {
    const { ada } = await openGroup(['ada']);
    const first = await ingest(ada, bytes(text), { uri, chunker });
    const again = await ingest(ada, bytes(text), { uri, chunker, store: 'chunks' });
    expect(again).toEqual({ ...first, chunks: 11 });
    const third = unchanged(ada, () => ada.sql.all('SELECT count(*) AS n FROM mesh_chunk'));
    expect(third).toEqual([{ n: 11 }]);
  });

  test('tells how far it is', async () => {
    const { ada } = await openGroup(['ada']);
    const told: number[] = [];
    await ingest(ada, new Uint8Array(2_500_000), {
      uri,
      canonicalization: 'bytes/1',
      onProgress: ({ bytes }) => told.push(bytes),
    });
    expect(told.at(-1)).toBe(2_500_000);
  });

  test('of many documents goes on after one that cannot be read', async () => {
    const { ada } = await openGroup(['ada']);
    const broken = () => {
      throw new Error('gone');
    };
    const results = await ingestAll(ada, [
      { uri: 'a', source: bytes('alpha') },
      { uri: 'b', source: Uint8Array.of(0xff) },
      { uri: 'c', source: broken },
      { uri: '', source: bytes('no name') },
      { uri: 'd', source: () => bytes('delta') },
    ]);
    expect(results.map(({ uri }) => uri)).toEqual(['a', 'b', 'c', '', 'd']);
    expect(results.map(({ error }) => (error as { code?: string; message: string } | null)?.code ?? null)).toEqual([
      null,
      'invalid-document',
      null,
      'invalid-input',
      null,
    ]);
    expect(results[2]?.error).toEqual(new Error('gone'));
    expect(records(ada).map((record) => record.uri)).toEqual(['a', 'd']);
  });
});

describe('A record', () => {
  test('goes to the others as sealed gossip, once', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const record = await ingest(ada, bytes(text), { uri });
    const message = publishRecord(ada, record.recordId);
    for (const peer of [ben, cleo]) {
      const received = receiveRecord(peer, message);
      expect(received.duplicate).toBe(false);
      expect(received.record).toEqual({ ...record, published: true, verified: null });
      expect(recordById(peer, record.recordId)).toEqual(received.record);
      expect(unchanged(peer, () => receiveRecord(peer, message)).duplicate).toBe(true);
    }
    expect(recordById(ada, record.recordId)?.published).toBe(true);
    expect(unchanged(ada, () => receiveRecord(ada, message)).duplicate).toBe(true);
  });

  test('is filed although its message was opened before', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const message = publishRecord(ada, (await ingest(ada, bytes(text), { uri })).recordId);
    openGossip(ben, message);
    expect(receiveRecord(ben, message).duplicate).toBe(false);
    expect(records(ben)).toHaveLength(1);
  });

  test('is told from other gossip in a batch', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const [a, b] = [await ingest(ada, bytes('a'), { uri: 'a' }), await ingest(ada, bytes('b'), { uri: 'b' })];
    const messages = [
      publishRecord(ada, a.recordId),
      sealGossip(ada, bytes('hello')),
      publishRecord(ada, b.recordId),
      Uint8Array.of(1, 2, 3),
    ];
    const results = receiveGossip(ben, messages);
    expect(results.map(({ received }) => received?.record.uri ?? null)).toEqual(['a', null, 'b', null]);
    expect(results.map(({ error }) => error?.code ?? null)).toEqual([null, null, null, 'codec']);
    expect(results.map(({ refused }) => refused)).toEqual([null, null, null, null]);
    expect(results[1]?.message?.payload).toEqual(bytes('hello'));
    expect(receiveGossip(ben, messages.slice(0, 3)).map(({ received }) => received?.duplicate)).toEqual([
      true,
      undefined,
      true,
    ]);
  });

  test('reaches who joined later when any member passes it on', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const message = publishRecord(ben, (await ingest(ben, bytes(text), { uri })).recordId);
    const { record } = receiveRecord(ada, message);
    const cleo = await openPeer();
    join(ada, cleo, 'cleo', { others: [ben] });
    expect(() => receiveRecord(cleo, message)).toThrow(expect.objectContaining({ code: 'no-epoch-secret' }));
    expect(receiveRecord(cleo, publishRecord(ada, record.recordId)).record).toMatchObject({ author: 'ben', uri });
  });

  test('of a kicked author stays, and verifies for ever', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const message = publishRecord(ben, (await ingest(ben, bytes(text), { uri })).recordId);
    receiveRecord(ada, message);
    deliver(kickMember(ada, 'ben').bundle, [ben, cleo]);
    deliver(rotateEpoch(ada).bundle, [ben, cleo]);
    expect(receiveRecord(cleo, message).record.author).toBe('ben');
    for (const peer of [ada, cleo]) {
      expect(corroboration(peer, uri).documents[0]?.vouchers).toMatchObject([{ author: 'ben', isMember: false }]);
      expect(verifyHistory(peer)).toMatchObject({ ok: true, records: 1 });
    }
  });
});

test('Records stay when the messages that brought them are pruned', async () => {
  const { ada, ben } = await openGroup(['ada', 'ben']);
  const message = publishRecord(ada, (await ingest(ada, bytes(text), { uri })).recordId);
  receiveGossip(ben, [message, sealGossip(ada, bytes('last of the stream'))]);
  expect(prune(ben, { messages: 0 }).messages).toBe(1);
  expect(verifyHistory(ben)).toMatchObject({ ok: true, records: 1, messages: 1 });
  expect(() => receiveRecord(ben, message)).toThrow(expect.objectContaining({ code: 'pruned' }));
  expect(records(ben)).toMatchObject([{ uri, published: true }]);
});

test('A peer who was kicked and came back signs as the new instance', async () => {
  const { ada, ben } = await openGroup(['ada', 'ben']);
  const before = await ingest(ada, bytes(text), { uri });
  receiveRecord(ben, publishRecord(ada, before.recordId));
  deliver(kickMember(ada, 'ben').bundle, [ben]);
  const again = await openPeer();
  join(ada, again, 'ben');
  const record = await ingest(again, bytes(text), { uri });
  receiveRecord(ada, publishRecord(again, record.recordId));
  const [document] = corroboration(ada, uri).documents;
  expect(document?.vouchers.map(({ author, isMember }) => [author, isMember])).toEqual([
    ['ada', true],
    ['ben', true],
  ]);
});

test('A database whose secrets are locked says so before it reads a document', async () => {
  const ada = await openDatabase({ passphrase: 'a long passphrase' });
  initIdentity(ada, { groupName: 'orchard' });
  ada.lock();
  let read = false;
  const source = (function* () {
    read = true;
    yield bytes(text);
  })();
  await expect(ingest(ada, source, { uri })).rejects.toMatchObject({ code: 'secrets-locked' });
  expect(read).toBe(false);
});

describe('Chunks', () => {
  test('travel one by one with proofs, and the whole is what the author signed', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const record = await ingest(ada, bytes(text), { uri, chunker, store: 'chunks' });
    const message = publishRecord(ada, record.recordId);
    for (const peer of [ben, cleo]) receiveRecord(peer, message);
    expect(missingChunks(ben, record.recordId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const fifth = chunkWithProof(ada, record.recordId, 5);
    expect(acceptChunk(ben, record.recordId, 5, fifth.bytes, fifth.proof)).toEqual({
      duplicate: false,
      chunks: 1,
      missing: 10,
    });
    expect(unchanged(ben, () => acceptChunk(ben, record.recordId, 5, fifth.bytes, fifth.proof))).toEqual({
      duplicate: true,
      chunks: 1,
      missing: 10,
    });
    expect(missingChunks(ben, record.recordId, { limit: 6 })).toEqual([0, 1, 2, 3, 4, 6]);
    transfer(ada, ben, record);
    expect(missingChunks(ben, record.recordId)).toEqual([]);
    expect(completeRecord(ben, record.recordId)).toEqual({ verified: true, fault: null });
    expect(recordContent(ben, record.recordId)).toEqual(bytes(text));
    // Who completed it can hand it on.
    transfer(ben, cleo, record);
    expect(completeRecord(cleo, record.recordId)).toEqual({ verified: true, fault: null });
    expect(recordById(cleo, record.recordId)).toMatchObject({ verified: true, chunks: 11 });
  });

  test('are shared by all records that say the same', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const a = await ingest(ada, bytes(text), { uri, chunker, store: 'chunks' });
    const b = await ingest(ben, bytes(text), { uri: 'other', chunker });
    receiveRecord(ada, publishRecord(ben, b.recordId));
    expect(recordById(ada, b.recordId)).toMatchObject({ verified: true, chunks: 11 });
    expect(ada.sql.get('SELECT count(*) AS n FROM mesh_document')).toEqual({ n: 1 });
    const { bytes: chunk, proof } = chunkWithProof(ada, b.recordId, 3);
    expect(chunkWithProof(ada, a.recordId, 3)).toEqual({ bytes: chunk, proof });
    expect(merkleLeaf(chunk)).toEqual(documentDigest(bytes(text), { chunker }).leaves.slice(96, 128));
  });

  test('of an empty document are complete at once', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const record = await ingest(ada, new Uint8Array(), { uri, store: 'chunks' });
    receiveRecord(ben, publishRecord(ada, record.recordId));
    expect(missingChunks(ben, record.recordId)).toEqual([]);
    expect(completeRecord(ben, record.recordId)).toEqual({ verified: true, fault: null });
    expect(recordContent(ben, record.recordId)).toEqual(new Uint8Array());
  });
});

describe('A source', () => {
  test('is held against a record, and the first chunk that differs is named', async () => {
    const { ada } = await openGroup(['ada']);
    const { recordId } = await ingest(ada, bytes(text), { uri, chunker });
    const changed = bytes(text);
    changed[changed.indexOf(0x0a, 4_300)] = 0x20;
    expect(await verifyRecord(ada, recordId, bytes(text))).toMatchObject({ verified: true, firstDifference: null });
    expect(await verifyRecord(ada, recordId, changed)).toMatchObject({
      verified: false,
      fault: 'content-sha256',
      firstDifference: 4,
    });
    expect(await verifyRecord(ada, recordId, bytes(`${text}\n`))).toMatchObject({
      verified: false,
      fault: 'content-length',
      firstDifference: 10,
    });
    const beginning = bytes(text).subarray(0, changed.indexOf(0x0a, 5_100));
    expect(await verifyRecord(ada, recordId, beginning)).toMatchObject({ firstDifference: 5 });
  });
});

describe('Corroboration', () => {
  test('shows who vouches for which document, the most vouched for first', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const changed = await ingest(ada, bytes('one byte else'), { uri });
    const same = [await ingest(ben, bytes(text), { uri }), await ingest(cleo, bytes(text), { uri })];
    receiveRecord(ada, publishRecord(ben, same[0]?.recordId as Uint8Array));
    receiveRecord(ada, publishRecord(cleo, same[1]?.recordId as Uint8Array));
    const { documents, isDisputed, contradictoryAuthors } = corroboration(ada, uri);
    expect(documents.map(({ vouchers }) => vouchers.map(({ author }) => author))).toEqual([['ben', 'cleo'], ['ada']]);
    expect(documents.map(({ documentRoot }) => documentRoot)).toEqual([same[0]?.documentRoot, changed.documentRoot]);
    expect(documents.map(({ verified }) => verified)).toEqual([null, true]);
    expect(isDisputed).toBe(true);
    expect(contradictoryAuthors).toEqual([]);
  });

  test('names an author who vouches for two contents', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    for (const content of ['first', 'second']) {
      receiveRecord(ada, publishRecord(ben, (await ingest(ben, bytes(content), { uri })).recordId));
    }
    expect(corroboration(ada, uri)).toMatchObject({ isDisputed: true, contradictoryAuthors: [{ author: 'ben' }] });
  });

  test('does not take another chunker for another content', async () => {
    const { ada } = await openGroup(['ada']);
    await ingest(ada, bytes(text), { uri });
    await ingest(ada, bytes(text), { uri, chunker });
    await ingest(ada, bytes(text), { uri, canonicalization: 'bytes/1' });
    expect(corroboration(ada, uri)).toMatchObject({ isDisputed: false, contradictoryAuthors: [] });
    expect(corroboration(ada, uri).documents).toHaveLength(3);
  });

  test('of a URI that nobody speaks of is empty', async () => {
    const { ada } = await openGroup(['ada']);
    const nothing = { uri, documents: [], isDisputed: false, contradictoryAuthors: [] };
    expect(corroboration(ada, uri)).toEqual(nothing);
    expect(corroboration(await openPeer(), uri)).toEqual(nothing);
  });
});
