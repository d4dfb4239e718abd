// @ts-check
/**
 * The part of the story about documents: two peers ingest them independently, one byte is changed, the others hear of the
 * records, and the third peer fetches a document chunk by chunk.
 */
import { createHash } from 'node:crypto';
import {
  acceptChunk,
  canonicalize,
  chunkWithProof,
  completeRecord,
  corroboration,
  DEFAULT_CHUNKER,
  digestSource,
  ingest,
  MeshError,
  missingChunks,
  publishRecord,
  receiveGossip,
  recordContent,
  verifyRecord,
} from 'arborist-mesh';

/**
 * @typedef {import('./story.mjs').Peer} Peer
 * @typedef {import('./narrator.mjs').Narrator} Narrator
 * @typedef {import('./documents.mjs').Document} Document
 * @typedef {import('arborist-mesh').MeshRecord} MeshRecord
 * @typedef {import('arborist-mesh').Chunker} Chunker
 * @typedef {{ uri: string, name: string, bytes: Uint8Array, canonicalization: 'text-nfc-lf/1' | 'bytes/1', chunker: Chunker }} Source
 */

/** Below this many bytes a document is cut finer than usual, so that there are chunks to look at. */
const SHORT = 1_000_000;
/** @type {Chunker} */
const FINE_CHUNKER = { name: 'fastcdc/1', min: 256, avg: 1024, max: 4096 };

/** The peers read the same bytes in the same way, whatever these are. @param {Document} document @param {number} index @returns {Source} */
function sourceOf({ name, bytes }, index) {
  const uri = `https://example.org/${index + 1}/${name.normalize('NFC')}`;
  const chunker = bytes.length < SHORT ? FINE_CHUNKER : DEFAULT_CHUNKER;
  try {
    canonicalize(bytes);
    return { uri, name, bytes, canonicalization: 'text-nfc-lf/1', chunker };
  } catch {
    return { uri, name, bytes, canonicalization: 'bytes/1', chunker };
  }
}

/** The copy of another system: a text with its line ends as CR LF. @param {Source} source */
function foreignCopy({ bytes, canonicalization }) {
  if (canonicalization === 'bytes/1') return bytes;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return new TextEncoder().encode(text.replace(/\r\n|\r|\n/g, '\r\n'));
}

/** The bytes as a stream gives them, in pieces. @param {Uint8Array} bytes */
async function* pieces(bytes) {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
}

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
/** @param {Uint8Array} bytes */
const short = (bytes) => hex(bytes.subarray(0, 5));
/** @param {number} value */
const figure = (value) => value.toLocaleString('en');
/** @param {Uint8Array} a @param {Uint8Array} b */
const same = (a, b) => hex(a) === hex(b);

/** The bytes with one of them changed, in the second half, so that a text stays one; and the place. @param {Uint8Array} bytes */
function changeOneByte(bytes) {
  const changed = bytes.slice();
  const isLetter = (/** @type {number} */ byte) => byte >= 0x61 && byte <= 0x79;
  const half = Math.floor(bytes.length / 2);
  const found = bytes.subarray(half).findIndex(isLetter);
  const place = half + Math.max(found, 0);
  changed[place] = (changed[place] ?? 0) + 1;
  return { changed, place };
}

/** Which chunk holds the byte at a place of the canonical document. @param {Source} source @param {number} place */
async function chunkAt({ bytes, canonicalization, chunker }, place) {
  let at = -1;
  let end = 0;
  await digestSource(bytes, {
    canonicalization,
    chunker,
    onChunk: (chunk, index) => {
      end += chunk.length;
      if (at === -1 && place < end) at = index;
    },
  });
  return at;
}

/** The error code with which something was refused, or null. @param {() => unknown} work */
function refusalOf(work) {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof MeshError) return error.code;
    throw error;
  }
}

/** @param {Narrator} narrator @param {Peer} ada @param {Peer} ben @param {Source[]} sources */
async function ingestApart(narrator, ada, ben, sources) {
  const records = await narrator.step('ada and ben ingest the documents, each on its own', async (note) => {
    note('ada from memory; ben from a stream, his texts with CR LF at the ends of lines');
    /** @type {{ source: Source, a: MeshRecord, b: MeshRecord }[]} */
    const found = [];
    for (const source of sources) {
      const { uri, canonicalization, chunker } = source;
      const options = { uri, canonicalization, chunker };
      const a = await ingest(ada.db, source.bytes, { ...options, store: 'chunks' });
      const b = await ingest(ben.db, pieces(foreignCopy(source)), options);
      note(`${source.name}: root ${short(a.documentRoot)}… · ${a.leafCount} chunks · ${figure(a.contentLength)} bytes`);
      found.push({ source, a, b });
    }
    return found;
  });
  narrator.expect(
    `${records.length} documents, and of each the same root on both`,
    records.length > 0 && records.every(({ a, b }) => same(a.documentRoot, b.documentRoot)),
  );
  return records;
}

/** @param {Narrator} narrator @param {Peer} ada @param {MeshRecord} record @param {Source} source */
async function changeByte(narrator, ada, record, source) {
  // In the canonical bytes, so that the place is that in the chunks.
  const canonical = { ...source, bytes: canonicalize(source.bytes, source.canonicalization) };
  const { changed, place } = changeOneByte(canonical.bytes);
  const { verdict, holder } = await narrator.step(`One byte of ${source.name} is changed`, async (note) => {
    const verdict = await verifyRecord(ada.db, record.recordId, changed);
    note(`byte ${figure(place)} of ${figure(changed.length)}`);
    note(`root ${short(record.documentRoot)}… becomes ${short(verdict.digest.documentRoot)}…`);
    return { verdict, holder: await chunkAt(canonical, place) };
  });
  narrator.expect(
    `the roots differ (${verdict.fault})`,
    !verdict.verified && !same(verdict.digest.documentRoot, record.documentRoot),
  );
  narrator.expect(
    `and they say where: from chunk ${verdict.firstDifference} on, which holds the byte`,
    holder !== -1 && verdict.firstDifference === holder,
  );
  return changed;
}

/**
 * Everybody publishes, everybody hears.
 *
 * @param {Narrator} narrator @param {[Peer, Peer, Peer]} peers @param {{ source: Source, a: MeshRecord, b: MeshRecord }[]} records
 */
async function exchangeRecords(narrator, [ada, ben, cleo], records) {
  const heard = await narrator.step('The records go to the others as sealed gossip', (note) => {
    const messages = [
      ...records.map(({ a }) => publishRecord(ada.db, a.recordId)),
      ...records.map(({ b }) => publishRecord(ben.db, b.recordId)),
    ];
    receiveGossip(ada.db, messages);
    receiveGossip(ben.db, messages);
    const results = receiveGossip(cleo.db, messages);
    note(`${messages.length} messages of ${figure(messages[0]?.length ?? 0)} bytes`);
    const claims = records.map(({ source }) => corroboration(cleo.db, source.uri));
    for (const { uri, documents } of claims) {
      note(`${uri}: ${documents.map(({ vouchers }) => vouchers.map(({ author }) => author).join(', ')).join(' | ')}`);
    }
    return { results, claims };
  });
  narrator.expect(
    `cleo files ${heard.results.length} records`,
    heard.results.every(({ received }) => received?.duplicate === false),
  );
  narrator.expect(
    'and sees that ada and ben vouch for the same root of each document',
    heard.claims.every(
      ({ documents, isDisputed }) =>
        !isDisputed &&
        documents.length === 1 &&
        documents[0]?.vouchers.map(({ author }) => author).join() === 'ada,ben',
    ),
  );
}

/** @param {Narrator} narrator @param {[Peer, Peer, Peer]} peers @param {Source} source @param {Uint8Array} changed */
async function contradict(narrator, [, ben, cleo], source, changed) {
  const claims = await narrator.step('ben vouches for the changed document as well', async (note) => {
    const { uri, canonicalization, chunker } = source;
    const record = await ingest(ben.db, changed, { uri, canonicalization, chunker });
    receiveGossip(cleo.db, [publishRecord(ben.db, record.recordId)]);
    const found = corroboration(cleo.db, uri);
    for (const { documentRoot, vouchers } of found.documents) {
      note(`root ${short(documentRoot)}…: ${vouchers.map(({ author }) => author).join(', ')}`);
    }
    return found;
  });
  narrator.expect(
    'cleo sees both roots side by side, and that ben tells two stories',
    claims.isDisputed &&
      claims.documents.length === 2 &&
      claims.contradictoryAuthors.map(({ author }) => author).join() === 'ben',
  );
}

/** @param {Narrator} narrator @param {Peer} from @param {Peer} to @param {MeshRecord} record @param {Source} source */
async function fetchChunks(narrator, from, to, { recordId, leafCount }, source) {
  const forged = await narrator.step(`${to.name} is handed a forged chunk`, (note) => {
    const { bytes, proof } = chunkWithProof(from.db, recordId, 0);
    const other = bytes.slice();
    other[0] = (other[0] ?? 0) ^ 1;
    const codes = {
      bytes: refusalOf(() => acceptChunk(to.db, recordId, 0, other, proof)),
      // A proof says on which side each sibling stands; of a single chunk there is none, so that the index is turned.
      proof: refusalOf(() => acceptChunk(to.db, recordId, 0, bytes, { ...proof, index: 1 })),
    };
    note(`one bit changed: ${codes.bytes}; the proof of another place: ${codes.proof}`);
    return { codes, kept: leafCount - missingChunks(to.db, recordId, { limit: leafCount }).length };
  });
  narrator.expect(
    'both are refused, and nothing of them is kept',
    forged.codes.bytes === 'authentication-failed' &&
      forged.codes.proof === 'authentication-failed' &&
      forged.kept === 0,
  );
  const fetched = await narrator.step(`${to.name} fetches the document from ${from.name}, chunk by chunk`, (note) => {
    to.db.transaction(() => {
      for (const index of missingChunks(to.db, recordId, { limit: leafCount })) {
        const { bytes, proof } = chunkWithProof(from.db, recordId, index);
        acceptChunk(to.db, recordId, index, bytes, proof);
      }
    });
    const verdict = completeRecord(to.db, recordId);
    const content = recordContent(to.db, recordId);
    note(`${leafCount} chunks, each with its proof · ${figure(content.length)} bytes`);
    return { verdict, content };
  });
  const canonical = canonicalize(source.bytes, source.canonicalization);
  narrator.expect(
    'the whole has the hash, the cuts and the root that ada signed, and is the document',
    fetched.verdict.verified && sha256(fetched.content) === sha256(canonical),
  );
}

/** @param {Uint8Array} bytes */
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * Tells the part about documents. Documents that are empty have no chunks to show and are left out.
 *
 * @param {{ narrator: Narrator, peers: [Peer, Peer, Peer], documents: Document[] }} setting
 */
export async function tellOfRecords({ narrator, peers, documents }) {
  const [ada, ben, cleo] = peers;
  const sources = documents.map(sourceOf).filter(({ bytes }) => bytes.length > 0);
  const [first, ...others] = sources;
  if (first === undefined) return;
  const records = await ingestApart(narrator, ada, ben, sources);
  const longest = others.reduce((a, b) => (b.bytes.length > a.bytes.length ? b : a), first);
  const { a: record } = /** @type {typeof records[0]} */ (records.find(({ source }) => source === longest));
  const changed = await changeByte(narrator, ada, record, longest);
  await exchangeRecords(narrator, peers, records);
  await contradict(narrator, peers, longest, changed);
  await fetchChunks(narrator, ada, cleo, record, longest);
}
