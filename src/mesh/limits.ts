/**
 * The bounds of what a peer takes in, checked before anything is decoded. The wire has tighter ones for messages.
 *
 * @module
 */

/** Longest frame of a membership event, invite, join request or fault, in bytes. */
export const MAX_FRAME_BYTES = 65_536;

/** Longest gossip message, in bytes of its frame. (Over the wire a message is bounded by {@link MAX_FRAME_BYTES}.) */
export const MAX_GOSSIP_BYTES = 16_777_216;

/** Longest payload of a gossip message, in bytes; the rest of {@link MAX_GOSSIP_BYTES} is for its frame. */
export const MAX_GOSSIP_PAYLOAD_BYTES = MAX_GOSSIP_BYTES - 512;

/** Bytes of one slot of an envelope: an array of 32, 32 and 48 bytes with their CBOR heads. */
const ENVELOPE_SLOT_BYTES = 119;

/** Most members of a roster: what the two-byte count of a CBOR array can say. */
export const MAX_MEMBERS = 0xffff;

/** Longest envelope, in bytes: a slot for each of the most members, after the head of the array. */
export const MAX_ENVELOPE_BYTES = 3 + MAX_MEMBERS * ENVELOPE_SLOT_BYTES;

/** Longest bundle: an event, its envelope, and their CBOR heads. */
export const MAX_BUNDLE_BYTES = MAX_FRAME_BYTES + MAX_ENVELOPE_BYTES + 16;

/** Longest welcome, in bytes: a chain of some 100,000 events. */
export const MAX_WELCOME_BYTES = 67_108_864;

/** Most streams that a kick's `cut` lists, so that its event stays below {@link MAX_FRAME_BYTES}. */
export const MAX_CUT_STREAMS = 1_000;

/** Most events that wait for their parent: of one actor, and in all. The oldest are dropped first. */
export const MAX_ORPHANS_OF_ACTOR = 1_000;
export const MAX_ORPHANS = 10_000;

/** Most bytes that waiting events take, with their envelopes. */
export const MAX_ORPHAN_BYTES = 67_108_864;

/** Most gossip conflicts that are kept as proof, of one sender. */
export const MAX_CONFLICTS_OF_SENDER = 100;

/** Most faults that are kept, of one reporting member; those that matter least give way. */
export const MAX_FAULTS_OF_MEMBER = 100;

/** Longest frame of a record, in bytes. */
export const MAX_RECORD_BYTES = 4_096;

/** Longest document whose chunks are kept, in bytes: a database lives in memory. Hashes are kept of any length. */
export const MAX_KEPT_DOCUMENT_BYTES = 268_435_456;
