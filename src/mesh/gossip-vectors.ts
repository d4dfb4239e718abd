/**
 * Which gossip this peer has: for each stream of each sender the positions, as ranges, and digests over them, so that two
 * peers find out with a few bytes whether, and where, they differ.
 *
 * The vectors are kept in memory and follow the table by the numbers of arrival: a request costs what is new since the
 * one before, not a scan of all messages.
 *
 * Positions below a stream's floor count as held: they were pruned, or can never be opened here, and are not wanted. Of a
 * kicked sender only what lies within the kick's cut counts, since nobody accepts the rest; and nothing counts of whoever
 * is a member on a losing branch only. So peers that have the same history and the same messages have the same digests.
 *
 * @module
 */
import { compareBytes, concatBytes } from '../bytes.js';
import { encodeCbor } from '../codec/cbor.js';
import { labelHash } from '../codec/labels.js';
import { randomBytes } from '../crypto/random.js';
import { sha256 } from '../crypto/sha256.js';
import type { MeshDatabase } from '../store/database.js';
import { byteKey } from './byte-key.js';
import { findHead, findKickOf, storedEvent } from './event-store.js';
import { MAX_FRAME_BYTES } from './limits.js';
import { addRange, below, type Ranges } from './ranges.js';
import { rosterAt } from './roster-store.js';

/** In how many buckets the streams fall, by the first byte of a hash of sender and stream. */
export const VECTOR_BUCKETS = 256;

/** Bytes of a bucket's digest. */
export const BUCKET_DIGEST_BYTES = 16;

/** Most ranges of one stream that a vector tells. Digests are over all that there are. */
export const MAX_RANGES = 32;

/** How many ranges of a longer list a vector tells as they are; what lies before and after them takes one each. */
const EXACT_RANGES = MAX_RANGES - 2;

/**
 * Where all ranges end. The last position that a message can have is 2^53 - 1, and the one after it is no number that CBOR
 * or a database could take: that last position is in no range, and its message is not asked for.
 */
const LAST_END = Number.MAX_SAFE_INTEGER;

/** What a peer has of one stream. */
export interface StreamVector {
  /** 32 bytes: the sender's member instance id. */
  readonly mid: Uint8Array;
  /** 16 bytes. */
  readonly streamId: Uint8Array;
  /** Ranges of positions; at most 32 where it is told. */
  readonly held: Ranges;
}

interface Stream {
  readonly mid: Uint8Array;
  readonly streamId: Uint8Array;
  readonly held: number[];
}

type Bucket = Map<string, Stream>;

const emptyBuckets = (): Bucket[] => Array.from({ length: VECTOR_BUCKETS }, () => new Map());

const EMPTY_DIGEST = new Uint8Array(BUCKET_DIGEST_BYTES);

/** The end of a range whose last position this is. */
const endAfter = (seq: number) => Math.min(seq + 1, LAST_END);

/** Up to which position each stream of a sender counts. */
type Cut = (streamId: Uint8Array) => number;
const WHOLE: Cut = () => LAST_END;
const NOTHING: Cut = () => 0;

/** The digest of a bucket: 16 bytes of a hash over its vectors in order; zeros where there are none. */
function bucketDigest(vectors: readonly StreamVector[]): Uint8Array {
  if (vectors.length === 0) return EMPTY_DIGEST;
  const listed = vectors.map(({ mid, streamId, held }) => [mid, streamId, held]);
  return labelHash('arborist-mesh/1 gossip bucket', encodeCbor(listed)).subarray(0, BUCKET_DIGEST_BYTES);
}

/** The digest of all buckets' digests, joined: 32 bytes. */
export function vectorDigest(bucketDigests: Uint8Array): Uint8Array {
  return labelHash('arborist-mesh/1 gossip vectors', bucketDigests);
}

/** The bucket of a stream. */
export function bucketOf(mid: Uint8Array, streamId: Uint8Array): number {
  return sha256(mid, streamId)[0] as number;
}

/** Orders vectors by sender and stream. */
export function compareVectors(a: StreamVector, b: StreamVector): number {
  return compareBytes(a.mid, b.mid) || compareBytes(a.streamId, b.streamId);
}

/**
 * Ranges as a vector tells them. Of too many, some neighbours are told as they are, chosen by chance, and what lies before
 * and after them as if it had no gaps. So nobody sends what is held already; whoever lacks something asks for it, and is
 * given what there is; and each synchronization settles another part, where that had been told as held and was not.
 */
function toldRanges(ranges: Ranges): Ranges {
  if (ranges.length <= 2 * MAX_RANGES) return ranges;
  const parts = Math.ceil(ranges.length / (2 * EXACT_RANGES));
  const start = 2 * EXACT_RANGES * (new DataView(randomBytes(4).buffer).getUint32(0) % parts);
  const end = start + 2 * EXACT_RANGES;
  const gapless = (part: Ranges) => (part.length === 0 ? [] : [part[0] as number, part.at(-1) as number]);
  return [...gapless(ranges.slice(0, start)), ...ranges.slice(start, end), ...gapless(ranges.slice(end))];
}

/** The vectors of one database, in step with its tables. */
export class GossipVectors {
  readonly #db: MeshDatabase;
  #buckets = emptyBuckets();
  #digests: (Uint8Array | undefined)[] = [];
  #arrival = 0;
  #rollbacks = -1;
  #head = '';
  #cuts = new Map<string, Cut>();
  #members = new Set<string>();

  constructor(db: MeshDatabase) {
    this.#db = db;
  }

  /** Takes in what changed since the last call. */
  refresh(): this {
    const last = (this.#db.sql.get('SELECT max(arrival) AS arrival FROM mesh_gossip')?.arrival ?? 0) as number;
    if (this.#rollbacks !== this.#db.rollbacks || last < this.#arrival) this.#rebuild();
    else if (last > this.#arrival) this.#readNew();
    this.#arrival = last;
    this.#refreshMembers();
    return this;
  }

  #rebuild(): void {
    this.#buckets = emptyBuckets();
    this.#digests = [];
    this.#arrival = 0;
    this.#rollbacks = this.#db.rollbacks;
    for (const row of this.#db.sql.all('SELECT mid, stream_id, seq FROM mesh_gossip_floor')) {
      this.add(row.mid as Uint8Array, row.stream_id as Uint8Array, 0, row.seq as number);
    }
    const spans = this.#db.sql.all(
      `SELECT mid, stream_id, min(seq) AS first, max(seq) AS last, count(*) AS count FROM mesh_gossip
       WHERE length(frame) <= ${MAX_FRAME_BYTES} GROUP BY mid, stream_id`,
    );
    for (const row of spans) {
      const { first, last, count } = row as { first: number; last: number; count: number };
      const [mid, streamId] = [row.mid as Uint8Array, row.stream_id as Uint8Array];
      if (count === last - first + 1) this.add(mid, streamId, first, endAfter(last));
      else this.#readStream(mid, streamId);
    }
  }

  #readStream(mid: Uint8Array, streamId: Uint8Array): void {
    const rows = this.#db.sql.all(
      `SELECT seq FROM mesh_gossip WHERE mid = ? AND stream_id = ? AND length(frame) <= ${MAX_FRAME_BYTES} ORDER BY seq`,
      [mid, streamId],
    );
    const { held } = this.#streamOf(mid, streamId);
    for (const { seq } of rows) addRange(held, seq as number, endAfter(seq as number));
  }

  #readNew(): void {
    const rows = this.#db.sql.all(
      `SELECT mid, stream_id, seq FROM mesh_gossip WHERE arrival > ? AND length(frame) <= ${MAX_FRAME_BYTES}`,
      [this.#arrival],
    );
    for (const row of rows) {
      const seq = row.seq as number;
      this.add(row.mid as Uint8Array, row.stream_id as Uint8Array, seq, endAfter(seq));
    }
  }

  /** Counts positions as held. */
  add(mid: Uint8Array, streamId: Uint8Array, from: number, to: number): void {
    addRange(this.#streamOf(mid, streamId).held, from, to);
  }

  /** A stream that is about to change. */
  #streamOf(mid: Uint8Array, streamId: Uint8Array): Stream {
    const number = bucketOf(mid, streamId);
    const bucket = this.#buckets[number] as Bucket;
    const key = byteKey(mid) + byteKey(streamId);
    let stream = bucket.get(key);
    if (stream === undefined) {
      stream = { mid, streamId, held: [] };
      bucket.set(key, stream);
    }
    this.#digests[number] = undefined;
    return stream;
  }

  /** After another head, other senders count. */
  #refreshMembers(): void {
    const head = findHead(this.#db);
    const key = head === null ? '' : byteKey(head.id);
    if (key === this.#head) return;
    this.#head = key;
    this.#digests = [];
    this.#cuts.clear();
    this.#members = new Set(head === null ? [] : rosterAt(this.#db, head).members.map(({ mid }) => byteKey(mid)));
  }

  #cutOf(mid: Uint8Array): Cut {
    const key = byteKey(mid);
    if (this.#members.has(key)) return WHOLE;
    let cut = this.#cuts.get(key);
    if (cut === undefined) {
      cut = this.#readCut(mid);
      this.#cuts.set(key, cut);
    }
    return cut;
  }

  #readCut(mid: Uint8Array): Cut {
    const kick = findKickOf(this.#db, mid);
    const change = kick === null ? null : storedEvent(this.#db, kick.id).change;
    if (change === null || change.kind !== 'kick') return NOTHING;
    const ends = new Map(change.cut.map(({ streamId, seq }) => [byteKey(streamId), endAfter(seq)]));
    return (streamId) => ends.get(byteKey(streamId)) ?? 0;
  }

  /** The vectors of one bucket with all their ranges, in order. */
  #wholeBucket(number: number): StreamVector[] {
    const vectors: StreamVector[] = [];
    for (const { mid, streamId, held } of this.#buckets[number]?.values() ?? []) {
      const counted = below(held, this.#cutOf(mid)(streamId));
      if (counted.length > 0) vectors.push({ mid, streamId, held: counted });
    }
    return vectors.sort(compareVectors);
  }

  /** The vectors of one bucket as they are told: in order, each with at most 32 ranges. */
  bucket(number: number): StreamVector[] {
    return this.#wholeBucket(number).map((vector) => ({ ...vector, held: toldRanges(vector.held) }));
  }

  /** All buckets' digests, joined: 256 × 16 bytes. */
  bucketDigests(): Uint8Array {
    const digests = this.#buckets.map((_, number) => {
      const digest = this.#digests[number] ?? bucketDigest(this.#wholeBucket(number));
      this.#digests[number] = digest;
      return digest;
    });
    return concatBytes(...digests);
  }
}

const vectorsOf = new WeakMap<MeshDatabase, GossipVectors>();

/** The vectors of a database as of now. */
export function gossipVectors(db: MeshDatabase): GossipVectors {
  let vectors = vectorsOf.get(db);
  if (vectors === undefined) {
    vectors = new GossipVectors(db);
    vectorsOf.set(db, vectors);
  }
  return vectors.refresh();
}

/** Lets the vectors be read anew: after messages were deleted, numbers of arrival come again. */
export function forgetVectors(db: MeshDatabase): void {
  vectorsOf.delete(db);
}

/**
 * Notes that a position of a stream, and what lies below it, is not wanted here any more.
 *
 * To be called inside a transaction.
 */
export function raiseFloorAbove(db: MeshDatabase, mid: Uint8Array, streamId: Uint8Array, seq: number): void {
  const floor = endAfter(seq);
  db.sql.run(
    `INSERT INTO mesh_gossip_floor (mid, stream_id, seq) VALUES (?, ?, ?)
     ON CONFLICT (mid, stream_id) DO UPDATE SET seq = max(seq, excluded.seq)`,
    [mid, streamId, floor],
  );
  vectorsOf.get(db)?.add(mid, streamId, 0, floor);
}
