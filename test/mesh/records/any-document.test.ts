/** Any text, however it arrives and whatever becomes of its chunks on their way. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  acceptChunk,
  type Chunker,
  canonicalize,
  chunkWithProof,
  completeRecord,
  ingest,
  type MeshDatabase,
  missingChunks,
  publishRecord,
  receiveRecord,
  recordContent,
  verifyHistory,
} from '../../../src/index.js';
import { openGroup } from '../support/peers.js';

const CHUNKERS: readonly Chunker[] = [
  { name: 'fixed/1', size: 7 },
  { name: 'paragraph/1', min: 8, max: 64 },
  { name: 'fastcdc/1', min: 64, avg: 256, max: 512 },
];

const line = fc.oneof(
  fc.constantFrom('the oak', 'e\u0301', '\u1112\u1161\u11ab', '👩‍👧', '', ' ', 'ẹ\u0307'),
  fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
);
const text = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '\n\n')), { maxLength: 60 })
  .map((lines) => new TextEncoder().encode(lines.flat().join('')));

/** The bytes in pieces of the given lengths, over and over. */
function* split(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + (lengths[turn % lengths.length] as number);
    yield bytes.slice(at, end);
    at = end;
  }
}

/** Moves all chunks, in an order of their own, some of them twice. */
function transfer(from: MeshDatabase, to: MeshDatabase, recordId: Uint8Array, order: readonly number[]): void {
  const missing = missingChunks(to, recordId);
  const shuffled = missing
    .map((index, place) => ({ index, rank: order[place % order.length] as number }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ index }) => index);
  to.transaction(() => {
    for (const index of [...shuffled, ...shuffled.slice(0, 3)]) {
      const { bytes, proof } = chunkWithProof(from, recordId, index);
      acceptChunk(to, recordId, index, bytes, proof);
    }
  });
}

test('Any text is found the same by two peers, and goes whole from one to the other', async () => {
  const { ada, ben } = await openGroup(['ada', 'ben']);
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.constantFrom(...CHUNKERS),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(99), { minLength: 1, maxLength: 20 }),
      async (bytes, chunker, lengths, order) => {
        const uri = `urn:${count++}`;
        const { recordId, documentRoot } = await ingest(ada, bytes, { uri, chunker, store: 'chunks' });
        receiveRecord(ben, publishRecord(ada, recordId));
        if (missingChunks(ben, recordId).length > 0) transfer(ada, ben, recordId, order);
        expect(completeRecord(ben, recordId)).toEqual({ verified: true, fault: null });
        expect(recordContent(ben, recordId)).toEqual(canonicalize(bytes));
        const own = await ingest(ben, split(bytes, lengths), { uri, chunker });
        expect(own.documentRoot).toEqual(documentRoot);
      },
    ),
    { numRuns: 40 },
  );
  expect(verifyHistory(ben)).toMatchObject({ ok: true, records: 2 * count });
});
