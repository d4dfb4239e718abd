/**
 * Gossip: the format of a sealed and signed message, and the key that seals it.
 *
 * @module
 */
import { encodeCbor } from '../codec/cbor.js';
import { type Frame, signFrame } from '../codec/frame.js';
import { bytesOf, bytesUpTo, decodeShape, encodeShape, items, nullable, type ShapeOf, uint } from '../codec/shape.js';
import { aeadDecrypt, aeadEncrypt } from '../crypto/aead.js';
import { randomBytes } from '../crypto/random.js';
import { hkdfExpand, hkdfExtract } from '../crypto/sha256.js';
import { MAX_GOSSIP_BYTES } from './limits.js';

/** The frame type of gossip. */
export const GOSSIP = 'gossip';
/** How many items a `gossip` payload has, which its first byte shows. */
export const GOSSIP_ITEMS = 7;

const PAYLOAD = items({
  groupId: bytesOf(32),
  eventId: bytesOf(32),
  streamId: bytesOf(16),
  seq: uint(),
  prevMsgId: nullable(bytesOf(32)),
  nonce: bytesOf(24),
  ciphertext: bytesUpTo(MAX_GOSSIP_BYTES),
});

/** What a message shows to everyone. */
export type GossipPayload = ShapeOf<typeof PAYLOAD>;
/** Where a message stands. */
export type GossipHeader = Omit<GossipPayload, 'nonce' | 'ciphertext'>;

/**
 * The key of one sender in one epoch: HKDF-SHA256 of the epoch's secret; 32 bytes.
 *
 * @param mid the sender's member instance id
 */
export function gossipKey(secret: Uint8Array, groupId: Uint8Array, eventId: Uint8Array, mid: Uint8Array): Uint8Array {
  return hkdfExpand(hkdfExtract(groupId, secret), encodeCbor(['arborist-mesh/1 gossip', eventId, mid]), 32);
}

function associatedData(
  mid: Uint8Array,
  { groupId, eventId, streamId, seq, prevMsgId }: GossipHeader,
  nonce: Uint8Array,
) {
  return encodeCbor([mid, groupId, eventId, streamId, seq, prevMsgId, nonce]);
}

/** Who seals: the member instance, its signing key, and its gossip key of the epoch. */
export interface GossipSender {
  readonly mid: Uint8Array;
  readonly signPriv: Uint8Array;
  readonly key: Uint8Array;
}

/** Seals and signs a message. The nonce is random, since a database can be rolled back: a counter would repeat. */
export function signGossip(sender: GossipSender, header: GossipHeader, plaintext: Uint8Array): Frame {
  const nonce = randomBytes(24);
  const ciphertext = aeadEncrypt(sender.key, nonce, plaintext, associatedData(sender.mid, header, nonce));
  const payload = encodeShape(PAYLOAD, { ...header, nonce, ciphertext }, 'gossip payload');
  return signFrame(GOSSIP, sender.mid, sender.signPriv, payload);
}

/**
 * Decodes the payload of a message whose signature was verified.
 *
 * @throws CodecError naming the item that is not as expected
 */
export function decodeGossip(frame: Frame): GossipPayload {
  return decodeShape(PAYLOAD, frame.payload, { maxBytes: MAX_GOSSIP_BYTES, what: 'gossip payload' });
}

/**
 * Opens the seal.
 *
 * @throws AuthenticationError if it is not of this key and header
 */
export function unsealGossip(key: Uint8Array, mid: Uint8Array, payload: GossipPayload): Uint8Array {
  return aeadDecrypt(key, payload.nonce, payload.ciphertext, associatedData(mid, payload, payload.nonce));
}
