/**
 * `fetchRecord`: the content that a record describes, chunk by chunk from several peers at once.
 *
 * @module
 */
import { requireBytes, requireOptions } from '../../bytes.js';
import { AuthenticationError, MeshError } from '../../errors.js';
import { requireEnabled } from '../../mesh/enabled.js';
import { acceptChunk, completeRecord, missingChunks, type RecordVerdict } from '../../mesh/records/chunks.js';
import { requireRecord } from '../../mesh/records/record-store.js';
import type { MeshDatabase } from '../../store/database.js';
import { BadAnswerError } from '../errors.js';
import { MAX_CHUNKS } from '../limits.js';
import { type ChunkAnswer, readChunkAnswer, writeChunkArgs } from '../protocol/chunk.js';
import { readAs } from '../protocol/response.js';
import type { PeerAddress } from './peer-address.js';
import type { PeerConnection } from './peer-connection.js';
import { connectTo, type SyncOptions } from './sync-with.js';

/** Most peers that are asked at once. */
const MAX_PEERS = 8;

/** How a fetch stands. */
export interface FetchProgress {
  /** Chunks of the document that are kept now, and all that it has. */
  readonly chunks: number;
  readonly leafCount: number;
  /** The peer that sent some just now. */
  readonly peer: string;
}

/** A peer's part in a fetch. */
export interface FetchedFrom {
  readonly url: string;
  /** How many chunks it sent that were new and right. */
  readonly chunks: number;
  /** Why no more was asked of it; null if it did what it could. */
  readonly error: MeshError | null;
}

/** What came of a fetch. */
export interface FetchReport {
  /** Chunks that are still missing; they are had from nobody who was asked. */
  readonly missing: number;
  /** Whether the content is what the record says; null while chunks are missing. */
  readonly verdict: RecordVerdict | null;
  readonly peers: readonly FetchedFrom[];
}

/** Settings of {@link fetchRecord}. */
export interface FetchOptions extends Omit<SyncOptions, 'onProgress'> {
  /** Is told after each answer; must not throw. */
  readonly onProgress?: (progress: FetchProgress) => void;
}

/** Shares out the missing chunks among peers, so that none is asked of two at a time, nor twice of one. */
class Shares {
  readonly #db: MeshDatabase;
  readonly #recordId: Uint8Array;
  readonly #asked = new Set<number>();

  constructor(db: MeshDatabase, recordId: Uint8Array) {
    this.#db = db;
    this.#recordId = recordId;
  }

  /** The next chunks for a peer: missing, not under way, and not yet asked of it. */
  take(tried: ReadonlySet<number>): number[] {
    const limit = MAX_CHUNKS + this.#asked.size + tried.size;
    const missing = missingChunks(this.#db, this.#recordId, { limit });
    const share = missing.filter((index) => !this.#asked.has(index) && !tried.has(index)).slice(0, MAX_CHUNKS);
    for (const index of share) this.#asked.add(index);
    return share;
  }

  done(share: readonly number[]): void {
    for (const index of share) this.#asked.delete(index);
  }
}

function accept(db: MeshDatabase, recordId: Uint8Array, answer: ChunkAnswer, share: readonly number[]): number {
  return db.transaction(() => {
    let fresh = 0;
    for (const { index, chunk, siblings } of answer) {
      if (!share.includes(index)) throw new BadAnswerError('the peer sent a chunk that was not asked for');
      const proof = { index, siblings: siblings.map(({ hash, side }) => ({ hash, isLeft: side === 'left' })) };
      if (!acceptChunk(db, recordId, index, chunk, proof).duplicate) fresh++;
    }
    return fresh;
  });
}

async function fetchFrom(
  db: MeshDatabase,
  recordId: Uint8Array,
  connection: PeerConnection,
  shares: Shares,
  onFresh: (count: number) => void,
): Promise<void> {
  const tried = new Set<number>();
  for (let share = shares.take(tried); share.length > 0; share = shares.take(tried)) {
    try {
      const result = await connection.ask('chunk', writeChunkArgs({ recordId, indices: share }));
      const answer = readAs('one to chunk', () => readChunkAnswer(result));
      onFresh(accept(db, recordId, answer, share));
      // Only what fits is sent: what came after the last one was perhaps not looked at.
      const last = answer.at(-1);
      const seen = last === undefined ? share.length : share.indexOf(last.index) + 1;
      for (const index of share.slice(0, seen)) tried.add(index);
    } finally {
      shares.done(share);
    }
  }
}

/** A proof that does not hold is the peer's fault. */
function blamed(error: unknown): MeshError {
  if (error instanceof AuthenticationError) return new BadAnswerError(error.message, { cause: error });
  if (error instanceof MeshError) return error;
  throw error;
}

/**
 * Fetches the chunks of a recorded document that are missing here from several peers at once, checks each against the
 * record, and at last the whole. What has come is kept, so that another call goes on from there.
 *
 * @param recordId 32 bytes
 * @param peers at most 8 of them are asked
 * @throws MeshDisabledError, InvalidInputError; MeshError `unknown-record`; the signal's reason
 */
export async function fetchRecord(
  db: MeshDatabase,
  recordId: Uint8Array,
  peers: readonly PeerAddress[],
  options: FetchOptions = {},
): Promise<FetchReport> {
  requireEnabled(db);
  const { leafCount } = requireRecord(db, requireBytes('recordId', recordId, 32));
  const { onProgress = () => undefined, ...rest } = requireOptions(options);
  const shares = new Shares(db, recordId);
  const missing = () => missingChunks(db, recordId, { limit: Math.max(1, leafCount) }).length;
  const one = async (peer: PeerAddress): Promise<FetchedFrom> => {
    let chunks = 0;
    let connection: PeerConnection | undefined;
    try {
      connection = await connectTo(db, peer, rest);
      await fetchFrom(db, recordId, connection, shares, (count) => {
        chunks += count;
        onProgress({ chunks: requireRecord(db, recordId).chunks, leafCount, peer: peer.url });
      });
      return { url: peer.url, chunks, error: null };
    } catch (error) {
      rest.signal?.throwIfAborted();
      return { url: peer.url, chunks, error: blamed(error) };
    } finally {
      connection?.close();
    }
  };
  const asked = await Promise.all(peers.slice(0, MAX_PEERS).map(one));
  const left = missing();
  const verdict = left === 0 ? completeRecord(db, recordId) : null;
  await db.durable();
  return { missing: left, verdict, peers: asked };
}
