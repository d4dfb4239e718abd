/**
 * Every bound of the wire, in one place. docs/wire.md lists them.
 *
 * @module
 */
import { MAX_BUNDLE_BYTES, MAX_FRAME_BYTES, MAX_WELCOME_BYTES } from '../mesh/limits.js';

/** Longest body of a request or an answer, in bytes, but for large envelopes ({@link bodyLimit}). */
export const MAX_BODY_BYTES = 1_048_576;

/** Longest body of a caller who is not a member: hello has none, join is small. */
export const MAX_STRANGER_BODY_BYTES = 16_384;

/** Longest body that refuses a request, in bytes. */
export const MAX_REFUSAL_BYTES = 1_024;

/** Most items of one answer or push: bundles, messages, vectors, spans, ids. */
export const MAX_ITEMS = 512;

/** Bytes of items in one answer or push; the rest of the body is for the frames around them. */
export const MAX_ITEM_BYTES = 983_040;

/** Longest time between a request's creation and its expiry, in seconds. */
export const MAX_REQUEST_SECONDS = 60;

/** How far two clocks may differ, in seconds: a request may come from the future by as much. */
export const MAX_CLOCK_SKEW_SECONDS = 30;

/** Bytes of a request's nonce. */
export const NONCE_BYTES = 16;

/** Most nonces remembered: of one signer, of all members, and of all joiners. Each goes when its request has expired. */
export const MAX_NONCES_OF_MEMBER = 2_048;
export const MAX_NONCES = 131_072;
export const MAX_JOIN_NONCES = 16_384;

/**
 * Requests a second: of one member; and of one address, members or not, those that need none (hello and join) and those that
 * show none. Each may save up a burst. Beyond it hello and join are refused unread; other bodies are read in full, since
 * only the signature tells a stranger's.
 */
export const MEMBER_RATE = { perSecond: 20, burst: 40 } as const;
export const STRANGER_RATE = { perSecond: 1, burst: 5 } as const;

/** Bad signatures of members a second that are looked at, from one address: each costs a verification. */
export const BAD_SIGNATURE_RATE = { perSecond: 50, burst: 100 } as const;

/** Most addresses and members whose rate is remembered. */
export const MAX_RATES = 16_384;

/** Bytes of bodies that are being read at one time, over all connections. */
export const MAX_BODIES_IN_FLIGHT_BYTES = 67_108_864;

/**
 * How much of that one address may hold: an eighth. A body's first bytes name its signer and do not prove it, so that
 * without a share one stranger could hold all of it in a member's name. The longest body of all, of 7.5 MiB, fits.
 */
export const MAX_BODIES_OF_ADDRESS_BYTES = MAX_BODIES_IN_FLIGHT_BYTES / 8;

/** Time to read a request's body, in milliseconds. */
export const BODY_TIMEOUT_MS = 15_000;

/** Time to receive a request's head, in milliseconds. */
export const HEADERS_TIMEOUT_MS = 10_000;

/** Time for a whole request as its server sees it, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** Time to hand an answer to a peer that reads slowly, or not at all, in milliseconds. */
export const ANSWER_TIMEOUT_MS = 30_000;

/** Time until a connection without a request is closed, in milliseconds. */
export const IDLE_TIMEOUT_MS = 10_000;

/** Most connections at a time: in all, and from one address; of IPv6, from one network of 64 bits. */
export const MAX_CONNECTIONS = 512;
export const MAX_CONNECTIONS_OF_ADDRESS = 64;

/** Time for a client to connect, and for a whole exchange, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 10_000;
export const EXCHANGE_TIMEOUT_MS = 30_000;

/** Most exchanges of one sync: a bound against a server that always has more to say. */
export const MAX_SYNC_EXCHANGES = 4_096;

/**
 * Longest time of one sync, in milliseconds, after which nothing more is asked: enough for some 40 MB at half a megabit a
 * second, a bound against a server that says a little every half minute. What has come is kept, and the next one goes on.
 */
export const SYNC_TIMEOUT_MS = 600_000;

/** Most chunks in one answer, and no more than {@link MAX_ITEM_BYTES}: a chunk has up to 256 KiB, its proof some 2 KiB. */
export const MAX_CHUNKS = 64;

/** Bytes of one page of a welcome. */
export const WELCOME_PAGE_BYTES = 786_432;

/** Most welcomes that a server keeps for the joiners that ask for them page by page, how long together, and for how long each. */
export const MAX_KEPT_WELCOMES = 16;
export const MAX_KEPT_WELCOME_BYTES = MAX_WELCOME_BYTES;
export const WELCOME_KEPT_MS = 300_000;

/** Bytes of one slot of an envelope, and what a bundle takes beside its envelope. */
const ENVELOPE_SLOT_BYTES = 119;
const BESIDE_ENVELOPE = MAX_FRAME_BYTES + 4_096;

/**
 * Longest body between members of a group: one bundle must fit, whose envelope grows with the roster.
 *
 * @param members of the roster; some more may have come on the other side
 */
export function bodyLimit(members: number): number {
  const bundle = Math.min(MAX_BUNDLE_BYTES, BESIDE_ENVELOPE + (2 * members + 64) * ENVELOPE_SLOT_BYTES);
  return Math.max(MAX_BODY_BYTES, bundle);
}
