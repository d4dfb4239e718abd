/**
 * The published vectors of the frame type `record`, `test/vectors/records/frames.json`. The bytes are the same every time: keys and
 * ids are hashes of fixed texts, and Ed25519 signatures are deterministic.
 *
 * @module
 */
import { utf8 } from '../../../src/bytes.js';
import { type CborValue, encodeCbor } from '../../../src/codec/cbor.js';
import { signFrame } from '../../../src/codec/frame.js';
import { signingPublicKey } from '../../../src/crypto/index.js';
import { sha256 } from '../../../src/crypto/sha256.js';
import { type Chunker, documentDigest } from '../../../src/index.js';
import { chunkerParams, type RecordClaim, signRecord } from '../../../src/mesh/records/record-frame.js';
import { toHex } from '../hex.js';

const privateKey = sha256(utf8('author of the record vectors'));
const mid = sha256(utf8('add of the author of the record vectors'));
const groupId = sha256(utf8('genesis of the record vectors'));
const createdAt = 1_800_000_000;

const text = utf8('The oak is sound.\n\nThe ash stands.\n'.repeat(40));

function claimOf(uri: string, content: Uint8Array, chunker: Chunker, options: Partial<RecordClaim> = {}): RecordClaim {
  const { leaves: _, ...digest } = documentDigest(content, {
    chunker,
    canonicalization: options.canonicalization ?? 'text-nfc-lf/1',
  });
  return { uri, createdAt, ...digest, ...options };
}

const ACCEPTED: readonly (readonly [title: string, claim: RecordClaim])[] = [
  ['a text in chunks of a fixed size', claimOf('https://example.org/oak.txt', text, { name: 'fixed/1', size: 100 })],
  ['the same in paragraphs', claimOf('https://example.org/oak.txt', text, { name: 'paragraph/1', min: 64, max: 256 })],
  [
    'the same cut by content',
    claimOf('https://example.org/oak.txt', text, { name: 'fastcdc/1', min: 64, avg: 256, max: 1_024 }),
  ],
  ['an empty document', claimOf('urn:nothing', new Uint8Array(), { name: 'fixed/1', size: 1 })],
  ['a URI in other scripts', claimOf('森/дуб/בלוט/🌳é.txt', utf8('樹'), { name: 'fixed/1', size: 262_144 })],
  ['the longest URI', claimOf('x'.repeat(2_048), utf8('x'), { name: 'fixed/1', size: 1 })],
  [
    'bytes that are no text',
    claimOf('image.png', Uint8Array.of(0x89, 0xff), { name: 'fixed/1', size: 2 }, { canonicalization: 'bytes/1' }),
  ],
  [
    'the most chunks, each as long as can be',
    claimOf('urn:large', utf8('x'), { name: 'fixed/1', size: 262_144 }, { leafCount: 2 ** 20, contentLength: 2 ** 38 }),
  ],
];

const HONEST = ACCEPTED[0]?.[1] as RecordClaim;

/** The items of the first accepted payload, some of them exchanged. */
function itemsOf(changes: Readonly<Record<string, CborValue>>): CborValue[] {
  const { uri, documentRoot, leafCount, contentLength, contentSha256, canonicalization, chunker } = HONEST;
  const items: Record<string, CborValue> = {
    groupId,
    uri,
    documentRoot,
    leafCount,
    contentLength,
    contentSha256,
    canonicalization,
    chunker: chunker.name,
    chunkerParams: chunkerParams(chunker),
    createdAt,
  };
  return Object.values({ ...items, ...changes });
}

const changed = (changes: Readonly<Record<string, CborValue>>) =>
  signFrame('record', mid, privateKey, encodeCbor(itemsOf(changes))).bytes;

/** A payload whose time, its last item, takes nine bytes where five are enough. */
function withLongTime(): Uint8Array {
  const payload = encodeCbor(itemsOf({}));
  return Uint8Array.of(...payload.subarray(0, -5), 0x1b, 0, 0, 0, 0, ...payload.subarray(-4));
}

const zeros = new Uint8Array(32);
const otherKey = sha256(utf8('another key'));

const REFUSED: readonly (readonly [title: string, code: string, frame: Uint8Array])[] = [
  ['another group', 'wrong-group', changed({ groupId: zeros })],
  ['an item missing', 'wrong-group', signFrame('record', mid, privateKey, encodeCbor(itemsOf({}).slice(0, 9))).bytes],
  ['signed by another key', 'authentication-failed', signFrame('record', mid, otherKey, encodeCbor(itemsOf({}))).bytes],
  ['a frame of another type', 'codec', signFrame('fault', mid, privateKey, encodeCbor(itemsOf({}))).bytes],
  ['an encoding that is not canonical', 'codec', signFrame('record', mid, privateKey, withLongTime()).bytes],
  ['an unknown canonicalization', 'codec', changed({ canonicalization: 'text-nfkc/1' })],
  ['an unknown chunker', 'codec', changed({ chunker: 'fixed/2' })],
  ['more chunks than any document has', 'codec', changed({ leafCount: 2 ** 20 + 1 })],
  ['an empty URI', 'codec', changed({ uri: '' })],
  ['a URI of 2,049 bytes', 'invalid-record', changed({ uri: 'x'.repeat(2_049) })],
  ['a control character in the URI', 'invalid-record', changed({ uri: 'urn:\u0085' })],
  ['the zero root of a document that is not empty', 'invalid-record', changed({ documentRoot: zeros })],
  [
    'a root of an empty document',
    'invalid-record',
    changed({ leafCount: 0, contentLength: 0, contentSha256: sha256() }),
  ],
  [
    'a false hash of an empty document',
    'invalid-record',
    changed({ documentRoot: zeros, leafCount: 0, contentLength: 0 }),
  ],
  ['one chunk too few', 'invalid-record', changed({ leafCount: HONEST.leafCount - 1 })],
  ['one chunk too many', 'invalid-record', changed({ leafCount: HONEST.leafCount + 1 })],
  ['a parameter too many', 'invalid-record', changed({ chunkerParams: [100, 100] })],
  ['a parameter outside its limits', 'invalid-record', changed({ chunkerParams: [262_145] })],
];

/** The content of `frames.json`. */
export function recordFrameVectors() {
  return {
    'frames.json': {
      source: 'Records of docs/protocol.md',
      private_key: toHex(privateKey),
      public_key: toHex(signingPublicKey(privateKey)),
      mid: toHex(mid),
      group_id: toHex(groupId),
      accepted: ACCEPTED.map(([title, claim]) => {
        const { payload, bytes, id } = signRecord({ mid, signPriv: privateKey }, groupId, claim);
        return {
          title,
          uri: claim.uri,
          document_root: toHex(claim.documentRoot),
          leaf_count: claim.leafCount,
          content_length: claim.contentLength,
          content_sha256: toHex(claim.contentSha256),
          canonicalization: claim.canonicalization,
          chunker: claim.chunker.name,
          chunker_params: chunkerParams(claim.chunker),
          created_at: claim.createdAt,
          payload: toHex(payload),
          frame: toHex(bytes),
          id: toHex(id),
        };
      }),
      refused: REFUSED.map(([title, code, frame]) => ({ title, code, frame: toHex(frame) })),
    },
  };
}
