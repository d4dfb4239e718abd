/**
 * The messages of a simulation, and a peer's set of them as the synchronization sees it. Each message is the first of a
 * stream of its own, as in a group where many speak and each says little.
 *
 * @module
 */
import { u64be } from '../../../src/bytes.js';
import { sha256 } from '../../../src/crypto/sha256.js';
import {
  BUCKET_DIGEST_BYTES,
  bucketOf,
  compareVectors,
  VECTOR_BUCKETS,
  vectorDigest,
} from '../../../src/mesh/gossip-vectors.js';
import type { Replica } from '../../../src/wire/sync/replica.js';

/** About what a sealed and signed message of two hundred bytes of text takes. */
const MESSAGE_BYTES = 460;

/** A message. */
export interface SimulatedMessage {
  readonly index: number;
  /** 32 bytes. */
  readonly id: Uint8Array;
  readonly mid: Uint8Array;
  readonly streamId: Uint8Array;
  readonly bucket: number;
  readonly bytes: Uint8Array;
}

/** Message number `index`; its bytes name it, and are as long as those of a real one. */
function simulatedMessage(index: number): SimulatedMessage {
  const mid = sha256(u64be(index));
  const streamId = sha256(mid).subarray(0, 16);
  const bytes = new Uint8Array(MESSAGE_BYTES);
  bytes.set(u64be(index));
  return { index, id: sha256(bytes), mid, streamId, bucket: bucketOf(mid, streamId), bytes };
}

const indexOf = (message: Uint8Array) => new DataView(message.buffer, message.byteOffset).getUint32(4);

const SAME = new Uint8Array(32);
const NONE = { fresh: 0, refused: [] };

/** The digests of a set of messages: many peers hold the same set, so they are made once for each. */
class Digests {
  readonly #made = new Map<string, { readonly buckets: Uint8Array; readonly digest: Uint8Array }>();

  of(key: string, held: readonly SimulatedMessage[]) {
    let made = this.#made.get(key);
    if (made === undefined) {
      const buckets = new Uint8Array(VECTOR_BUCKETS * BUCKET_DIGEST_BYTES);
      for (const { bucket, id } of held) {
        // Order does not matter in a sum, so a bucket's digest does not depend on what came first.
        for (let i = 0; i < BUCKET_DIGEST_BYTES; i++) {
          const at = bucket * BUCKET_DIGEST_BYTES + i;
          buckets[at] = (buckets[at] ?? 0) ^ (id[i] ?? 0);
        }
      }
      made = { buckets, digest: vectorDigest(buckets) };
      this.#made.set(key, made);
    }
    return made;
  }
}

/** All messages of a simulation, published one after the other. */
export class MessagePool {
  readonly all: SimulatedMessage[] = [];
  readonly #byId = new Map<string, SimulatedMessage>();
  readonly digests = new Digests();

  publish(): SimulatedMessage {
    const message = simulatedMessage(this.all.length);
    this.all.push(message);
    this.#byId.set(message.id.join(), message);
    return message;
  }

  byId(id: Uint8Array): SimulatedMessage | undefined {
    return this.#byId.get(id.join());
  }
}

/** One peer's messages, as a replica whose events, faults and endpoints are those of everybody. */
export class SimulatedReplica implements Replica {
  readonly #pool: MessagePool;
  readonly #held = new Set<number>();
  readonly #onFresh: (message: SimulatedMessage) => void;

  /** @param onFresh told of each message that is new here */
  constructor(pool: MessagePool, onFresh: (message: SimulatedMessage) => void) {
    this.#pool = pool;
    this.#onFresh = onFresh;
  }

  /** Keeps a message, if it is new. */
  keep(message: SimulatedMessage): boolean {
    if (this.#held.has(message.index)) return false;
    this.#held.add(message.index);
    this.#onFresh(message);
    return true;
  }

  #digests() {
    const indices = [...this.#held].sort((a, b) => a - b);
    return this.#pool.digests.of(
      indices.join(),
      indices.map((index) => this.#pool.all[index] as SimulatedMessage),
    );
  }

  #messages(): SimulatedMessage[] {
    return [...this.#held].map((index) => this.#pool.all[index] as SimulatedMessage);
  }

  eventsDigest = () => SAME;
  faultsDigest = () => SAME;
  endpointsDigest = () => SAME;
  locator = () => [];
  knowsEvent = () => true;
  eventsPage = () => ({ bundles: [], next: null });
  bundles = () => [];
  missingEnvelopes = () => [];
  faults = () => [];
  endpoints = () => [];
  takeBundles = () => NONE;
  takeFaults = () => NONE;
  takeEndpoints = () => NONE;
  gossipDigest = () => this.#digests().digest;
  bucketDigests = () => this.#digests().buckets;

  bucket = (number: number) =>
    this.#messages()
      .filter(({ bucket }) => bucket === number)
      .map(({ mid, streamId }) => ({ mid, streamId, held: [0, 1] }))
      .sort(compareVectors);

  messages = (spans: readonly { readonly mid: Uint8Array }[]) => {
    const wanted = new Set(spans.map(({ mid }) => mid.join()));
    const messages = this.#messages()
      .filter(({ mid }) => wanted.has(mid.join()))
      .map(({ bytes }) => bytes);
    return { messages, done: spans.length, next: 0 };
  };

  hasMessage = (id: Uint8Array) => this.#held.has(this.#pool.byId(id)?.index ?? -1);

  takeMessages = (messages: readonly Uint8Array[]) => ({
    fresh: messages.filter((message) => this.keep(this.#pool.all[indexOf(message)] as SimulatedMessage)).length,
    refused: [],
  });
}
