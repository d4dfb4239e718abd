/**
 * Records: the format of a member's signed statement that the document at a URI has this root under that
 * canonicalization and chunker.
 *
 * @module
 */
import { equalBytes } from '../../bytes.js';
import { type Frame, parseFrame, signFrame } from '../../codec/frame.js';
import { arrayOf, bytesOf, decodeShape, encodeShape, items, oneOf, textOf, uint } from '../../codec/shape.js';
import { sha256 } from '../../crypto/sha256.js';
import { CodecError, MeshError } from '../../errors.js';
import type { Canonicalization } from '../../records/canonicalize.js';
import { type Chunker, requireChunker } from '../../records/chunkers.js';
import { type DocumentDigest, MAX_CHUNKS } from '../../records/document-hasher.js';
import { isOfGroup } from '../group-prefix.js';
import { MAX_RECORD_BYTES } from '../limits.js';
import { requireUri } from '../names.js';

const RECORD = 'record';
/** How many items a `record` payload has, which its first byte shows. */
const RECORD_ITEMS = 10;
/** How every record's frame begins: CBOR of an array of five, version 1, the text `record`. */
const BEGINNING = Uint8Array.of(0x85, 0x01, 0x66, ...new TextEncoder().encode(RECORD));

const CANONICALIZATIONS = ['text-nfc-lf/1', 'bytes/1'] as const satisfies readonly Canonicalization[];

/** The parameters of each chunker, in the order in which a record has them. */
const PARAMETERS = {
  'fixed/1': ['size'],
  'paragraph/1': ['min', 'max'],
  'fastcdc/1': ['min', 'avg', 'max'],
} as const satisfies Record<Chunker['name'], readonly string[]>;

const CHUNKERS = Object.keys(PARAMETERS) as Chunker['name'][];
const MOST_PARAMETERS = 3;

const PAYLOAD = items({
  groupId: bytesOf(32),
  // The limit is in bytes, of which a character takes at least one; `requireUri` counts them.
  uri: textOf({ min: 1, max: MAX_RECORD_BYTES }),
  documentRoot: bytesOf(32),
  leafCount: uint(MAX_CHUNKS),
  contentLength: uint(),
  contentSha256: bytesOf(32),
  canonicalization: oneOf(...CANONICALIZATIONS),
  chunker: oneOf(...CHUNKERS),
  chunkerParams: arrayOf(uint(), { max: MOST_PARAMETERS }),
  createdAt: uint(),
});

/** What a record says of a document's content. */
export type DocumentCommitment = Omit<DocumentDigest, 'leaves'>;

/** What a record says. */
export interface RecordClaim extends DocumentCommitment {
  readonly uri: string;
  /** Seconds since the Unix epoch, for display. */
  readonly createdAt: number;
}

/** A chunker's parameters in a record's order. */
export function chunkerParams(chunker: Chunker): number[] {
  const values = chunker as Chunker & Readonly<Record<string, number>>;
  return PARAMETERS[chunker.name].map((name) => values[name] as number);
}

/**
 * The chunker of a name and the parameters in a record's order.
 *
 * @throws InvalidInputError if there is no such chunker, or a parameter is missing, too many or outside its limits
 */
export function chunkerOf(name: string, params: readonly number[]): Chunker {
  const names: readonly string[] = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name as Chunker['name']] : [];
  const values = Object.fromEntries(params.map((value, i) => [names[i] ?? `parameter ${i + 1}`, value]));
  const chunker = requireChunker({ ...values, name } as unknown as Chunker);
  if (params.length !== names.length) throw invalid(`a chunker of the name ${name} has ${names.length} parameters`);
  return chunker;
}

const invalid = (message: string, cause?: unknown) => new MeshError('invalid-record', message, { cause });

/** How short and how long a chunker's chunks can be; the last one may be shorter. */
function chunkLengths(chunker: Chunker): readonly [least: number, most: number] {
  switch (chunker.name) {
    case 'fixed/1':
      return [chunker.size, chunker.size];
    case 'paragraph/1':
      return [1, chunker.max];
    case 'fastcdc/1':
      return [chunker.min, chunker.max];
  }
}

const EMPTY_ROOT = new Uint8Array(32);

/** The numbers of a commitment must be possible: no content has others. */
function requireConsistent({
  documentRoot,
  leafCount,
  contentLength,
  contentSha256,
  chunker,
}: DocumentCommitment): void {
  const isEmpty = contentLength === 0;
  if (equalBytes(documentRoot, EMPTY_ROOT) !== isEmpty) {
    throw invalid('the root of a record must be zeros if and only if the document is empty');
  }
  if (isEmpty && !equalBytes(contentSha256, sha256())) {
    throw invalid('the hash of an empty document must be that of no bytes');
  }
  const [least, most] = chunkLengths(chunker);
  if (leafCount < Math.ceil(contentLength / most) || leafCount > Math.ceil(contentLength / least)) {
    throw invalid('no document of that length has that number of chunks under the chunker of the record');
  }
}

/**
 * Makes and signs a record.
 *
 * @param author the member instance that vouches, and its signing key
 * @throws InvalidInputError if the URI is not fit
 */
export function signRecord(
  author: { readonly mid: Uint8Array; readonly signPriv: Uint8Array },
  groupId: Uint8Array,
  claim: RecordClaim,
): Frame {
  requireUri(claim.uri);
  requireConsistent(claim);
  const payload = encodeShape(
    PAYLOAD,
    { ...claim, groupId, chunker: claim.chunker.name, chunkerParams: chunkerParams(claim.chunker) },
    'record payload',
  );
  return signFrame(RECORD, author.mid, author.signPriv, payload);
}

/** Whether a gossip payload is a record, good or bad; everything else is the application's. */
export function isRecord(payload: Uint8Array): boolean {
  return BEGINNING.every((byte, i) => payload[i] === byte);
}

/**
 * Takes a record of this group apart; its signature is not yet verified.
 *
 * @throws CodecError if it is too long or not a frame of type `record`
 * @throws MeshError `wrong-group`
 */
export function parseRecord(bytes: Uint8Array, groupId: Uint8Array): Frame {
  const frame = parseFrame(bytes, { maxBytes: MAX_RECORD_BYTES });
  if (frame.type !== RECORD) throw new CodecError(`record must be a frame of type ${RECORD}`);
  if (!isOfGroup(frame.payload, RECORD_ITEMS, groupId)) {
    throw new MeshError('wrong-group', 'the record is not one of this group');
  }
  return frame;
}

/**
 * Decodes the payload of a record whose signature was verified.
 *
 * @throws CodecError naming the item that is not as expected
 * @throws MeshError `invalid-record` if what it says is impossible
 */
export function decodeRecord(frame: Frame): RecordClaim {
  const payload = decodeShape(PAYLOAD, frame.payload, { maxBytes: MAX_RECORD_BYTES, what: 'record payload' });
  const { uri, documentRoot, leafCount, contentLength, contentSha256, canonicalization, createdAt } = payload;
  let chunker: Chunker;
  try {
    requireUri(uri);
    chunker = chunkerOf(payload.chunker, payload.chunkerParams);
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
  const claim = { uri, documentRoot, leafCount, contentLength, contentSha256, canonicalization, chunker, createdAt };
  requireConsistent(claim);
  return claim;
}
