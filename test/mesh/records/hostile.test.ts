/** Records and chunks by members who mean harm, and by people who are none. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { encodeCbor } from '../../../src/codec/cbor.js';
import { parseFrame } from '../../../src/codec/frame.js';
import { generateSigningKeypair } from '../../../src/crypto/index.js';
import {
  acceptChunk,
  chunkWithProof,
  completeRecord,
  documentDigest,
  ingest,
  kickMember,
  loadIdentity,
  type MerkleProof,
  MerkleTree,
  type MeshDatabase,
  MeshError,
  type MeshIdentity,
  merkleLeaf,
  missingChunks,
  publishRecord,
  receiveGossip,
  receiveRecord,
  recordById,
  recordContent,
  records,
  rotateEpoch,
  sealGossip,
  setEnabled,
  verifyHistory,
} from '../../../src/index.js';
import { loadSecret } from '../../../src/mesh/envelope-store.js';
import { gossipKey, signGossip } from '../../../src/mesh/gossip-message.js';
import { requireMembership } from '../../../src/mesh/group.js';
import { expectSameBytes } from '../../support/expect-bytes.js';
import { eventOfEpoch } from '../support/forge.js';
import { deliver, openFounder, openGroup } from '../support/peers.js';
import { refusal, unchanged } from '../support/unchanged.js';
import { forgeRecord, ownMid, type RecordForgery } from './support/forge-record.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const content = bytes('the oak is sound');
const chunker = { name: 'fixed/1', size: 4 } as const;
const zeros = new Uint8Array(32);

let ada: MeshDatabase;
let ben: MeshDatabase;
let cleo: MeshDatabase;
beforeEach(async () => {
  ({ ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']));
});

/** Hands ben what ada signed. */
const send = (forgery: RecordForgery) => receiveRecord(ben, sealGossip(ada, forgeRecord(ada, forgery)));

describe('A record', () => {
  test('that is honest is taken by the same means', () => {
    expect(send({}).record).toMatchObject({ uri: 'urn:oak', author: 'ada', leafCount: 4 });
    expect(send({ content: new Uint8Array() }).record).toMatchObject({ leafCount: 0, documentRoot: zeros });
  });

  test.each<[string, string, RecordForgery]>([
    ['with an empty URI', 'codec', { uri: '' }],
    ['with a URI of 2,049 bytes', 'invalid-record', { uri: `${'é'.repeat(1_024)}x` }],
    ['with a URI beyond all bounds', 'codec', { uri: 'x'.repeat(5_000) }],
    ['with a control character in its URI', 'invalid-record', { uri: 'urn:\u0007' }],
    ['with bytes for a URI', 'codec', { uri: content }],
    ['with zeros as the root of some chunks', 'invalid-record', { documentRoot: zeros }],
    ['with a root that is no hash', 'codec', { documentRoot: zeros.slice(1) }],
    ['with a root but no chunks', 'invalid-record', { leafCount: 0 }],
    ['with a root and chunks of nothing', 'invalid-record', { contentLength: 0 }],
    ['with one chunk too many', 'invalid-record', { leafCount: 5 }],
    ['with one chunk too few', 'invalid-record', { leafCount: 3 }],
    ['with more chunks than any document has', 'codec', { leafCount: 2 ** 20 + 1, contentLength: 2 ** 23 }],
    [
      'that is empty with another hash than that of nothing',
      'invalid-record',
      {
        content: new Uint8Array(),
        contentSha256: zeros,
      },
    ],
    ['with an unknown canonicalization', 'codec', { canonicalization: 'text-nfkc/1' }],
    ['with an unknown chunker', 'codec', { chunker: 'fixed/2' }],
    ['with the name of a method for a chunker', 'codec', { chunker: 'toString' }],
    ['without its chunker’s parameters', 'invalid-record', { chunkerParams: [] }],
    ['with a parameter too many', 'invalid-record', { chunkerParams: [4, 4] }],
    ['with too many parameters for any chunker', 'codec', { chunkerParams: [4, 4, 4, 4] }],
    ['with a parameter outside its limits', 'invalid-record', { chunkerParams: [0] }],
    [
      'with parameters that do not fit together',
      'invalid-record',
      {
        chunker: 'fastcdc/1',
        chunkerParams: [65_536, 16_384, 4_096],
      },
    ],
    ['with text for a time', 'codec', { createdAt: 'now' }],
    ['of another group', 'wrong-group', { groupId: zeros }],
    ['with an item too many', 'wrong-group', { encode: (items) => encodeCbor([...items, 1]) }],
    ['with an item missing', 'wrong-group', { encode: (items) => encodeCbor(items.slice(0, 9)) }],
    [
      'in an encoding that is not canonical',
      'codec',
      {
        encode: (items) => {
          const honest = encodeCbor(items);
          return Uint8Array.of(...honest.subarray(0, -5), 0x1b, 0, 0, 0, 0, ...honest.subarray(-4));
        },
      },
    ],
    ['by nobody that is known', 'not-a-member', { mid: zeros }],
    ['signed by another key', 'authentication-failed', { signPriv: generateSigningKeypair().privateKey }],
  ])('%s is refused as %s, and changes nothing', (_, code, forgery) => {
    const message = sealGossip(ada, forgeRecord(ada, forgery));
    expect(refusal(ben, () => receiveRecord(ben, message)).code).toBe(code);
    const [result] = receiveGossip(ben, [message]);
    expect(result).toMatchObject({ error: null, received: null, refused: { code } });
    expect(records(ben)).toEqual([]);
    expect(ben.sql.get('SELECT count(*) AS n FROM mesh_document')).toEqual({ n: 0 });
    // What the sender said is kept as that.
    expect(unchanged(ben, () => receiveGossip(ben, [message]))[0]?.message?.duplicate).toBe(true);
  });

  test('under a member’s name but not with that member’s key is refused', () => {
    const frame = forgeRecord(ada, { mid: ownMid(cleo) });
    expect(refusal(ben, () => receiveRecord(ben, sealGossip(ada, frame))).code).toBe('authentication-failed');
  });

  test('cannot be another frame, nor a frame of another type one', () => {
    const type = 'fault';
    expect(refusal(ben, () => send({ type })).code).toBe('codec');
    expect(receiveGossip(ben, [sealGossip(ada, forgeRecord(ada, { type }))])[0]).toMatchObject({
      error: null,
      received: null,
      refused: null,
    });
    const signature = 'the same bytes, signed as another type';
    const honest = forgeRecord(ada);
    const other = parseFrame(forgeRecord(ada, { type }), { maxBytes: 4_096 });
    const moved = encodeCbor([1, 'record', other.signer, other.signature, other.payload]);
    expect(moved.length, signature).toBe(honest.length);
    expect(refusal(ben, () => receiveRecord(ben, sealGossip(ada, moved))).code).toBe('authentication-failed');
  });

  test('in a batch does not hold up the others', () => {
    const frames = [{ uri: 'a' }, { uri: 'b', leafCount: 9 }, { uri: 'c' }].map((forgery) => forgeRecord(ada, forgery));
    const results = receiveGossip(
      ben,
      frames.map((frame) => sealGossip(ada, frame)),
    );
    expect(results.map(({ received }) => received?.record.uri ?? null)).toEqual(['a', null, 'c']);
    expect(verifyHistory(ben)).toMatchObject({ ok: true, records: 2, messages: 3 });
  });

  test('whose bytes are garbage neither crashes nor leaves a trace', () => {
    const honest = forgeRecord(ada);
    const mutated = fc.tuple(fc.nat(honest.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, change]) => {
      const copy = honest.slice();
      copy[at] = (copy[at] as number) ^ change;
      return copy;
    });
    const appended = fc.uint8Array({ maxLength: 200 }).map((tail) => Uint8Array.of(...honest.subarray(0, 9), ...tail));
    const cut = fc.nat(honest.length - 1).map((length) => honest.slice(0, length));
    fc.assert(
      fc.property(fc.array(fc.oneof(mutated, appended, cut), { minLength: 1, maxLength: 8 }), (payloads) => {
        const results = receiveGossip(
          ben,
          payloads.map((payload) => sealGossip(ada, payload)),
        );
        for (const { error, received, refused } of results) {
          expect(error).toBeNull();
          expect(received).toBeNull();
          if (refused !== null) expect(refused).toBeInstanceOf(MeshError);
        }
      }),
      { numRuns: 60 },
    );
    expect(records(ben)).toEqual([]);
  });
});

/** A message that says it is of an older epoch, with the sender's real keys. */
function sealInEpoch(db: MeshDatabase, epoch: number, payload: Uint8Array): Uint8Array {
  const { id: groupId, self } = requireMembership(db);
  const eventId = eventOfEpoch(db, epoch);
  const key = gossipKey(loadSecret(db, eventId) as Uint8Array, groupId, eventId, self.mid);
  const { signPriv } = loadIdentity(db) as MeshIdentity;
  const header = { groupId, eventId, streamId: new Uint8Array(16), seq: 0, prevMsgId: null };
  return signGossip({ mid: self.mid, signPriv, key }, header, payload).bytes;
}

describe('A kicked author', () => {
  test('brings in nothing past the cut, whatever time it claims', () => {
    const before = sealGossip(cleo, forgeRecord(cleo, { uri: 'before' }));
    receiveRecord(ada, before);
    const kick = kickMember(ada, 'cleo').bundle;
    const after = sealGossip(cleo, forgeRecord(cleo, { uri: 'after', createdAt: 1 }));
    deliver(kick, [ben]);
    expect(refusal(ben, () => receiveRecord(ben, after)).code).toBe('past-cut');
    expect(receiveRecord(ben, before).record.uri).toBe('before');
  });

  test('cannot have a friend bring in what it signs later, in no epoch', () => {
    const epoch = 2;
    deliver(kickMember(ada, 'cleo').bundle, [ben, cleo]);
    const late = forgeRecord(cleo, { uri: 'after', createdAt: 1 });
    expect(refusal(ben, () => receiveRecord(ben, sealGossip(ada, late))).code).toBe('not-a-member');
    expect(refusal(ben, () => receiveRecord(ben, sealInEpoch(ada, epoch, late))).code).toBe('not-a-member');
  });

  test('has its records passed on by nobody, but what came before stays', () => {
    const { record } = receiveRecord(ada, sealGossip(cleo, forgeRecord(cleo)));
    deliver(kickMember(ada, 'cleo').bundle, [ben]);
    expect(refusal(ada, () => publishRecord(ada, record.recordId)).code).toBe('not-a-member');
    expect(recordById(ada, record.recordId)).toEqual(record);
    expect(verifyHistory(ada)).toMatchObject({ ok: true, records: 1 });
  });
});

describe('Somebody who is no member', () => {
  test('cannot be an author, whoever passes it on', async () => {
    const eve = await openFounder('eve');
    const frame = forgeRecord(eve, { groupId: requireMembership(ada).id });
    expect(refusal(ben, () => receiveRecord(ben, sealGossip(ada, frame))).code).toBe('not-a-member');
  });

  test('who joined later was not the author of a message before', async () => {
    const epoch = 1;
    const later = forgeRecord(cleo);
    expect(refusal(ben, () => receiveRecord(ben, sealInEpoch(ada, epoch, later))).code).toBe('not-a-member');
    expect(receiveRecord(ben, sealGossip(ada, later)).record.author).toBe('cleo');
  });
});

/** Ada's record of the content with its chunks, known to ben. */
async function share(): Promise<Uint8Array> {
  const { recordId } = await ingest(ada, content, { uri: 'urn:oak', chunker, store: 'chunks' });
  receiveRecord(ben, publishRecord(ada, recordId));
  return recordId;
}

describe('A chunk', () => {
  test('that is forged, misplaced, or badly proven is refused, and changes nothing', async () => {
    const recordId = await share();
    const { bytes: chunk, proof } = chunkWithProof(ada, recordId, 2);
    const [first, second] = proof.siblings as [MerkleProof['siblings'][number], MerkleProof['siblings'][number]];
    const flipped = { hash: first.hash, isLeft: !first.isLeft };
    const other = { hash: zeros, isLeft: first.isLeft };
    const attempts: [number, Uint8Array, unknown][] = [
      [2, bytes('ash '), proof],
      [2, Uint8Array.of(...chunk, 0), proof],
      [3, chunk, proof],
      [3, chunk, { ...proof, index: 3 }],
      [2, chunk, { ...proof, siblings: [flipped, second] }],
      [2, chunk, { ...proof, siblings: [other, second] }],
      [2, chunk, { ...proof, siblings: [first] }],
      [2, chunk, { ...proof, siblings: [first, second, second] }],
      [2, chunk, { ...proof, siblings: [second, first] }],
      [2, chunk, null],
      [2, chunk, { index: 2 }],
    ];
    for (const [index, forged, badProof] of attempts) {
      const error = refusal(ben, () => acceptChunk(ben, recordId, index, forged, badProof as MerkleProof));
      expect(error.code).toBe('authentication-failed');
    }
    for (const index of [-1, 4, 1.5, Number.NaN, '2']) {
      const error = refusal(ben, () => acceptChunk(ben, recordId, index as number, chunk, proof));
      expect(error.code).toBe('invalid-input');
    }
    expect(refusal(ben, () => acceptChunk(ben, recordId, 2, new Uint8Array(262_145), proof)).code).toBe(
      'invalid-input',
    );
    expect(refusal(ben, () => acceptChunk(ben, zeros, 2, chunk, proof)).code).toBe('unknown-record');
    expect(acceptChunk(ben, recordId, 2, chunk, proof)).toMatchObject({ chunks: 1, missing: 3 });
  });

  test('is not handed out before the whole document is there and was found true', async () => {
    const recordId = await share();
    for (const index of [0, 1, 2, 3]) {
      expect(refusal(ben, () => chunkWithProof(ben, recordId, index)).code).toBe('chunk-not-kept');
      expect(refusal(ben, () => completeRecord(ben, recordId)).code).toBe('record-incomplete');
      const { bytes: chunk, proof } = chunkWithProof(ada, recordId, index);
      acceptChunk(ben, recordId, index, chunk, proof);
      expect(refusal(ben, () => chunkWithProof(ben, recordId, index)).code).toBe('chunk-not-kept');
    }
    expect(refusal(ben, () => recordContent(ben, recordId)).code).toBe('record-incomplete');
    expect(completeRecord(ben, recordId)).toEqual({ verified: true, fault: null });
    expect(chunkWithProof(ben, recordId, 0)).toEqual(chunkWithProof(ada, recordId, 0));
  });

  test('of a document too long to be kept is refused, though its proof is good', () => {
    const chunk = bytes('oak ');
    const leafCount = 1_025;
    const leaves = new Uint8Array(32 * leafCount);
    leaves.set(merkleLeaf(chunk));
    const tree = new MerkleTree(leaves);
    const size = 262_144;
    const { documentRoot } = tree;
    const { recordId } = send({
      documentRoot,
      leafCount,
      contentLength: leafCount * size,
      chunkerParams: [size],
    }).record;
    const error = refusal(ben, () => acceptChunk(ben, recordId, 0, chunk, tree.proof(0)));
    expect(error.code).toBe('document-too-long');
  });

  test('can be missing a million times without costing more than what is asked for', () => {
    const { recordId } = send({ contentLength: 2 ** 22, leafCount: 2 ** 20 }).record;
    expect(missingChunks(ben, recordId, { limit: 3 })).toEqual([0, 1, 2]);
    expect(missingChunks(ben, recordId)).toHaveLength(1_000);
    for (const limit of [0, -1, 1.5, Number.NaN]) {
      expect(refusal(ben, () => missingChunks(ben, recordId, { limit })).code).toBe('invalid-input');
    }
  });
});

/** Lets ben fetch all chunks of a record that ada made up around a content. */
function fetchAll(forgery: RecordForgery, tree: MerkleTree, chunks: readonly Uint8Array[]): Uint8Array {
  const { recordId } = send(forgery).record;
  for (const [index, chunk] of chunks.entries()) acceptChunk(ben, recordId, index, chunk, tree.proof(index));
  return recordId;
}

/** The content in pieces of four bytes, and their tree. */
function cut(whole: Uint8Array, lengths: readonly number[] = Array(Math.ceil(whole.length / 4)).fill(4)) {
  let at = 0;
  const chunks = lengths.map((length) => {
    at += length;
    return whole.slice(at - length, at);
  });
  return { chunks, tree: MerkleTree.of(chunks) };
}

describe('A record whose every chunk is proven but that is false', () => {
  const decomposed = bytes('e\u0301e\u0301!!'.repeat(2));

  /** A record of the bytes that commits to their chunks as they are; ben fetches them all. */
  function fetchMadeUp(whole: Uint8Array, forgery: RecordForgery): { recordId: Uint8Array; first: () => unknown } {
    const { tree, chunks } = cut(whole);
    const { contentSha256 } = documentDigest(whole, { canonicalization: 'bytes/1' });
    const { documentRoot, leafCount } = tree;
    const honest = { documentRoot, leafCount, contentLength: whole.length, contentSha256 };
    const recordId = fetchAll({ ...honest, ...forgery }, tree, chunks);
    return { recordId, first: () => acceptChunk(ben, recordId, 0, chunks[0] as Uint8Array, tree.proof(0)) };
  }

  test.each<[string, string, Uint8Array, RecordForgery]>([
    ['its hash', 'content-sha256', content, { contentSha256: zeros }],
    ['its hash of bytes', 'content-sha256', decomposed, { contentSha256: zeros, canonicalization: 'bytes/1' }],
    ['being text', 'canonicalization', Uint8Array.of(0xff, 0, 0, 0), {}],
    ['its normalization', 'content-length', decomposed, {}],
  ])('about %s is found out, and its chunks are dropped', (_, fault, whole, forgery) => {
    const { recordId, first } = fetchMadeUp(whole, forgery);
    expect(completeRecord(ben, recordId)).toEqual({ verified: false, fault });
    expect(recordById(ben, recordId)).toMatchObject({ verified: false, chunks: 0 });
    expect(refusal(ben, first).code).toBe('false-record');
    expect(unchanged(ben, () => completeRecord(ben, recordId)).verified).toBe(false);
    expect(refusal(ben, () => recordContent(ben, recordId)).code).toBe('record-incomplete');
    // The same means with a true record.
    expect(completeRecord(ben, fetchMadeUp(content, { uri: 'true' }).recordId).verified).toBe(true);
  });

  test('about its chunker, cut elsewhere than that chunker cuts, is found out', () => {
    const { contentSha256 } = documentDigest(content);
    const { tree, chunks } = cut(content, [10, 6]);
    const { documentRoot, leafCount } = tree;
    const paragraphs = { chunker: 'paragraph/1', chunkerParams: [1, 64] };
    const recordId = fetchAll(
      { ...paragraphs, documentRoot, leafCount, contentLength: content.length, contentSha256 },
      tree,
      chunks,
    );
    expect(completeRecord(ben, recordId)).toEqual({ verified: false, fault: 'leaf-count' });
  });

  test('about its length: chunks beyond it are not taken in', () => {
    const { tree, chunks } = cut(content);
    const { recordId } = send({ contentLength: 13, documentRoot: tree.documentRoot, leafCount: 4 }).record;
    for (const index of [0, 1, 2]) acceptChunk(ben, recordId, index, chunks[index] as Uint8Array, tree.proof(index));
    const last = refusal(ben, () => acceptChunk(ben, recordId, 3, chunks[3] as Uint8Array, tree.proof(3)));
    expect(last.code).toBe('false-record');
  });
});

describe('A document that cannot be ingested', () => {
  test.each<[string, string | null, () => unknown, object]>([
    ['that is not UTF-8', 'invalid-document', () => Uint8Array.of(0x6f, 0xff), {}],
    ['that begins with a byte-order mark', 'invalid-document', () => bytes('\ufeffoak'), {}],
    ['whose stream breaks off', null, () => brokenStream(), {}],
    ['that is no source', 'invalid-input', () => 7, {}],
    ['of pieces that are no bytes', 'invalid-input', () => ['oak'], {}],
    ['with a URI of nothing', 'invalid-input', () => content, { uri: '' }],
    ['with a URI that is too long', 'invalid-input', () => content, { uri: 'x'.repeat(2_049) }],
    ['with a chunker that is none', 'invalid-input', () => content, { chunker: { name: 'fixed/1', size: 0 } }],
    ['with null for a canonicalization', 'invalid-input', () => content, { canonicalization: null }],
    ['with another way to store it', 'invalid-input', () => content, { store: 'all' }],
  ])('%s leaves nothing behind', async (_, code, source, options) => {
    const before = ada.export();
    const work = ingest(ada, source() as Uint8Array, { uri: 'urn:oak', store: 'chunks', ...options });
    await expect(work).rejects.toMatchObject(code === null ? { message: 'broken off' } : { code });
    expectSameBytes(ada.export(), before, () => 'the database after a refusal');
  });

  test('because its peer was kicked while it was read leaves nothing behind', async () => {
    const work = ingest(
      cleo,
      slowly(() => deliver(kickMember(ada, 'cleo').bundle, [cleo])),
      { uri: 'urn:oak' },
    );
    await expect(work).rejects.toMatchObject({ code: 'not-a-member' });
    expect(records(cleo)).toEqual([]);
    await expect(ingest(cleo, content, { uri: 'urn:oak' })).rejects.toMatchObject({ code: 'not-a-member' });
  });
});

async function* brokenStream(): AsyncGenerator<Uint8Array> {
  yield content;
  throw new Error('broken off');
}

async function* slowly(then: () => void): AsyncGenerator<Uint8Array> {
  yield content;
  then();
}

test('While the mesh is off, no record and no chunk goes out or comes in', async () => {
  const recordId = await share();
  const message = publishRecord(ada, recordId);
  const { bytes: chunk, proof } = chunkWithProof(ada, recordId, 0);
  for (const db of [ada, ben]) setEnabled(db, false);
  for (const work of [
    () => publishRecord(ada, recordId),
    () => chunkWithProof(ada, recordId, 0),
    () => receiveRecord(ben, message),
    () => receiveGossip(ben, [message]),
    () => acceptChunk(ben, recordId, 0, chunk, proof),
  ]) {
    expect(() => work()).toThrow(expect.objectContaining({ code: 'mesh-disabled' }));
  }
  expect(recordById(ben, recordId)?.author).toBe('ada');
});

describe('Verifying the history', () => {
  test.each([
    ['UPDATE mesh_record SET uri = ?', 'urn:ash', 'the tables say something else than its frame'],
    ['UPDATE mesh_document SET leaf_count = 4, content_length = ?', 15, 'the tables say something else'],
    ['UPDATE mesh_record SET frame = ?', new Uint8Array(4), 'record'],
    ['UPDATE mesh_leaves SET leaves = ?', new Uint8Array(128), 'its leaves do not make its root'],
    ['UPDATE mesh_chunk SET bytes = ? WHERE place = 1', bytes('ash '), 'its chunk 1 is not the one of its leaf'],
  ])('finds out about %s', async (sql, value, problem) => {
    const { recordId } = await ingest(ada, content, { uri: 'urn:oak', chunker, store: 'chunks' });
    publishRecord(ada, recordId);
    expect(verifyHistory(ada)).toMatchObject({ ok: true, records: 1 });
    ada.sql.run(sql, [value]);
    const { ok, problems } = verifyHistory(ada);
    expect(ok).toBe(false);
    expect(problems.join()).toContain(problem);
  });

  test('goes on over a rotate and the records of all times', async () => {
    for (const uri of ['a', 'b']) {
      await ingest(ada, content, { uri });
      deliver(rotateEpoch(ada).bundle, [ben]);
    }
    expect(verifyHistory(ada)).toMatchObject({ ok: true, records: 2 });
  });
});
