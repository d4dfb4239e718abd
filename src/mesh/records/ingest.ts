/**
 * Ingesting: this peer reads a document, chunks it, and signs what it found.
 *
 * A document is read outside of any transaction, in constant memory, and stored in one: on an error nothing is. Chunks that
 * are to be kept wait in memory until then, where a database that lives in memory would hold them anyway.
 *
 * @module
 */
import { requireOptions } from '../../bytes.js';
import { InvalidInputError, MeshError } from '../../errors.js';
import { type DigestSourceOptions, type DocumentSource, digestSource } from '../../records/digest-source.js';
import { createDocumentHasher, type DocumentDigest, type DocumentOptions } from '../../records/document-hasher.js';
import type { MeshDatabase } from '../../store/database.js';
import { requireMembership } from '../group.js';
import { loadSigningKey } from '../identity.js';
import { MAX_KEPT_DOCUMENT_BYTES } from '../limits.js';
import { requireUri } from '../names.js';
import { insertChunks, missingPlaces, type PlacedChunk, saveLeaves } from './chunk-store.js';
import { signRecord } from './record-frame.js';
import { findSameRecord, insertRecord, type MeshRecord, requireRecord, saveDocument, shown } from './record-store.js';

/** How documents are read, and what is kept of them. */
export interface IngestOptions extends Pick<DigestSourceOptions, 'canonicalization' | 'chunker' | 'onProgress'> {
  /**
   * `hashes` (the default) keeps the leaf hashes, 32 bytes a chunk: memory stays constant. `chunks` keeps the canonical bytes
   * as well, for `chunkWithProof`, of documents up to 256 MiB.
   */
  readonly store?: 'chunks' | 'hashes';
}

/** A document among several. */
export interface DocumentToIngest {
  /** Under which name it is known: see `ingest`. */
  readonly uri: string;
  /** The bytes, or a function that opens them when it is their turn. */
  readonly source: DocumentSource | (() => DocumentSource);
}

/** What became of a document among several. */
export type IngestResult =
  | { readonly uri: string; readonly record: MeshRecord; readonly error: null }
  | { readonly uri: string; readonly record: null; readonly error: unknown };

/** A document that was read and is not stored yet. */
interface ReadDocument {
  readonly uri: string;
  readonly digest: DocumentDigest;
  /** Null where they are not to be kept. */
  readonly chunks: readonly PlacedChunk[] | null;
  /** Bytes that wait in memory. */
  readonly waiting: number;
}

/** Without what is undefined. */
function documentOptions({ canonicalization, chunker }: IngestOptions): DocumentOptions {
  return {
    ...(canonicalization !== undefined && { canonicalization }),
    ...(chunker !== undefined && { chunker }),
  };
}

/** @throws InvalidInputError before anything is read */
function requireIngestOptions(options: IngestOptions): void {
  const { store = 'hashes' } = requireOptions(options);
  if (store !== 'hashes' && store !== 'chunks') throw new InvalidInputError("store must be 'chunks' or 'hashes'");
  createDocumentHasher(documentOptions(options));
}

/** What it takes to sign, found out before a long document is read. */
function requireAuthor(db: MeshDatabase): void {
  requireMembership(db);
  db.secrets.requireOpen();
}

async function read(uri: string, source: DocumentSource, options: IngestOptions): Promise<ReadDocument> {
  const { store, onProgress } = options;
  const kept: PlacedChunk[] = [];
  let length = 0;
  const keep: DocumentOptions['onChunk'] = (bytes, index) => {
    length += bytes.length;
    if (length > MAX_KEPT_DOCUMENT_BYTES) {
      throw new MeshError(
        'document-too-long',
        `chunks are kept of documents up to ${MAX_KEPT_DOCUMENT_BYTES} bytes; longer ones are ingested with hashes only`,
      );
    }
    kept.push({ index, bytes });
  };
  const digest = await digestSource(source, {
    ...documentOptions(options),
    ...(onProgress !== undefined && { onProgress }),
    ...(store === 'chunks' && { onChunk: keep }),
  });
  const chunks = store === 'chunks' ? kept : null;
  return { uri, digest, chunks, waiting: length + digest.leaves.length };
}

/** Signs and stores what was read; the author's record that says the same already stays the only one. */
function storeRecord(db: MeshDatabase, { uri, digest, chunks }: ReadDocument): MeshRecord {
  const { id: groupId, self } = requireMembership(db);
  const documentId = saveDocument(db, digest);
  saveLeaves(db, documentId, digest.leaves);
  if (chunks !== null) {
    const missing = new Set(missingPlaces(db, documentId, digest.leafCount, digest.leafCount));
    insertChunks(
      db,
      documentId,
      chunks.filter(({ index }) => missing.has(index)),
    );
  }
  const known = findSameRecord(db, self.mid, uri, documentId);
  if (known !== null) return shown(known);
  const claim = { ...digest, uri, createdAt: db.now() };
  const frame = signRecord({ mid: self.mid, signPriv: loadSigningKey(db) }, groupId, claim);
  insertRecord(db, frame, claim, { documentId, msgId: null });
  return shown(requireRecord(db, frame.id));
}

/**
 * Reads a document, chunks it, and signs a record of it as this peer. Where this peer has such a record already, that one
 * comes back, and nothing new is signed. It is for this peer alone until `publishRecord`.
 *
 * @param source bytes, a Blob or File, a stream, or anything that gives pieces of bytes
 * @param options `uri`: the name under which peers compare their records, 1 to 2,048 bytes of NFC text
 * @throws InvalidInputError naming the argument
 * @throws InvalidDocumentError if the bytes are not what the canonicalization takes; what the source itself throws passes
 * @throws NotAMemberError if this peer was kicked
 * @throws MeshError `document-too-long` to keep chunks of; `no-group`, `secrets-locked`
 */
export async function ingest(
  db: MeshDatabase,
  source: DocumentSource,
  options: IngestOptions & { readonly uri: string },
): Promise<MeshRecord> {
  requireIngestOptions(options);
  requireUri(options.uri);
  requireAuthor(db);
  const document = await read(options.uri, source, options);
  return db.transaction(() => storeRecord(db, document));
}

/** How many documents are stored in one transaction, and how many bytes wait for one. */
const STORED_TOGETHER = 512;
const WAITING_BYTES = 33_554_432;

type Outcome = { readonly document: ReadDocument } | { readonly uri: string; readonly error: unknown };

async function readOne({ uri, source }: DocumentToIngest, options: IngestOptions): Promise<Outcome> {
  try {
    requireUri(uri);
    return { document: await read(uri, typeof source === 'function' ? source() : source, options) };
  } catch (error) {
    return { uri, error };
  }
}

function storeAll(db: MeshDatabase, outcomes: readonly Outcome[]): IngestResult[] {
  if (outcomes.length === 0) return [];
  return db.transaction(() =>
    outcomes.map((outcome) =>
      'document' in outcome
        ? { uri: outcome.document.uri, record: storeRecord(db, outcome.document), error: null }
        : { uri: outcome.uri, record: null, error: outcome.error },
    ),
  );
}

/**
 * Ingests many documents, some hundreds in one transaction. One that cannot be read does not hold up the others.
 *
 * @param documents in any order; taken one by one, so that files need not be open all at once
 * @returns result i is that of document i, with the error that `ingest` would throw
 * @throws InvalidInputError if an option is wrong; NotAMemberError if this peer was kicked; what `documents` itself throws
 * @throws MeshError `no-group`, `secrets-locked`
 */
export async function ingestAll(
  db: MeshDatabase,
  documents: Iterable<DocumentToIngest> | AsyncIterable<DocumentToIngest>,
  options: IngestOptions = {},
): Promise<IngestResult[]> {
  requireIngestOptions(options);
  requireAuthor(db);
  const results: IngestResult[] = [];
  let outcomes: Outcome[] = [];
  let waiting = 0;
  const flush = () => {
    results.push(...storeAll(db, outcomes));
    outcomes = [];
    waiting = 0;
  };
  for await (const document of documents) {
    const outcome = await readOne(document, options);
    outcomes.push(outcome);
    waiting += 'document' in outcome ? outcome.document.waiting : 0;
    if (outcomes.length >= STORED_TOGETHER || waiting >= WAITING_BYTES) flush();
  }
  flush();
  return results;
}
