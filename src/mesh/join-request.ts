/**
 * The join request: a joiner's own signed statement of its keys and name, which the add embeds, so that no admin can
 * put keys of its own under someone's name. Two proofs are for the inviter alone: knowledge of the invite's secret,
 * and possession of the DH key.
 *
 * @module
 */
import { equalSecretBytes } from '../bytes.js';
import { encodeCbor } from '../codec/cbor.js';
import { type Frame, type FrameVerifier, parseFrame, signFrame, verifyFrame } from '../codec/frame.js';
import { labelHash, labelled } from '../codec/labels.js';
import { bytesOf, decodeShape, encodeShape, items, type ShapeOf, textOf, uint } from '../codec/shape.js';
import { isLowOrder } from '../crypto/low-order.js';
import { hmacSha256 } from '../crypto/sha256.js';
import { ecdhSharedSecret } from '../crypto/x25519.js';
import { AuthenticationError, CodecError, MeshError } from '../errors.js';
import { crockfordBase32 } from './base32.js';
import { MAX_FRAME_BYTES } from './limits.js';

const JOIN_REQUEST = 'join-request';

const STATEMENT = {
  groupId: bytesOf(32),
  inviteId: bytesOf(16),
  nonce: bytesOf(16),
  memberId: textOf({ max: 64 }),
  dhPub: bytesOf(32),
  createdAt: uint(),
};
const PAYLOAD = items({ ...STATEMENT, inviteProof: bytesOf(32), dhProof: bytesOf(32) });

/** What a joiner states, without the proofs. */
type Statement = Omit<ShapeOf<typeof PAYLOAD>, 'inviteProof' | 'dhProof'>;

/** A join request whose signature was verified. */
export interface JoinRequest extends ShapeOf<typeof PAYLOAD> {
  /** 32 bytes: the frame's id. */
  readonly id: Uint8Array;
  /** 32 bytes: the joiner's signing key, which signed the request. */
  readonly signPub: Uint8Array;
  /** The frame as it travels. */
  readonly bytes: Uint8Array;
}

/**
 * CBOR `[signer, group_id, invite_id, nonce, member_id, dh_pub, created_at]`: what both proofs cover, after a label.
 */
function provenBytes(signer: Uint8Array, statement: Statement): Uint8Array {
  const { groupId, inviteId, nonce, memberId, dhPub, createdAt } = statement;
  return encodeCbor([signer, groupId, inviteId, nonce, memberId, dhPub, createdAt]);
}

function inviteProof(secret: Uint8Array, proven: Uint8Array): Uint8Array {
  return hmacSha256(secret, labelled('arborist-mesh/1 invite proof', proven));
}

function dhProof(privateKey: Uint8Array, peerPublicKey: Uint8Array, proven: Uint8Array): Uint8Array {
  return hmacSha256(ecdhSharedSecret(privateKey, peerPublicKey), labelled('arborist-mesh/1 dh proof', proven));
}

/** The joiner's keys, and what it needs of the invite. */
export interface JoinRequestKeys {
  readonly signPriv: Uint8Array;
  readonly signPub: Uint8Array;
  readonly dhPriv: Uint8Array;
  readonly inviteSecret: Uint8Array;
  readonly inviterDhPub: Uint8Array;
}

/**
 * Makes and signs a join request.
 *
 * @throws InvalidInputError if the inviter's DH key is of low order
 */
export function signJoinRequest(keys: JoinRequestKeys, statement: Statement): Frame {
  const proven = provenBytes(keys.signPub, statement);
  const payload = {
    ...statement,
    inviteProof: inviteProof(keys.inviteSecret, proven),
    dhProof: dhProof(keys.dhPriv, keys.inviterDhPub, proven),
  };
  return signFrame(JOIN_REQUEST, keys.signPub, keys.signPriv, encodeShape(PAYLOAD, payload, 'join request payload'));
}

/** Frames of embedded requests by the bytes in their decoded event: nobody else holds that array, so it stays what it is. */
const embeddedFrames = new WeakMap<Uint8Array, Frame>();

/**
 * The frame of the join request in a decoded add, parsed once.
 *
 * @param request the very array of the decoded event
 * @throws CodecError
 */
export function embeddedFrame(request: Uint8Array): Frame {
  let frame = embeddedFrames.get(request);
  if (frame === undefined) {
    frame = parseFrame(request, { maxBytes: MAX_FRAME_BYTES });
    embeddedFrames.set(request, frame);
  }
  return frame;
}

/**
 * Takes the join request in a decoded add apart, as {@link openJoinRequest} does.
 *
 * @param request the very array of the decoded event
 * @throws CodecError, AuthenticationError
 */
export function openEmbeddedRequest(request: Uint8Array, verify: FrameVerifier): JoinRequest {
  return openRequestFrame(embeddedFrame(request), verify);
}

/**
 * Takes a join request apart, once its signature is verified. The proofs are for {@link checkProofs}.
 *
 * @param verify verifies the signature
 * @throws CodecError if the bytes are not of a join request's shape
 * @throws AuthenticationError if the joiner did not sign them
 */
export function openJoinRequest(bytes: Uint8Array, verify: FrameVerifier = verifyFrame): JoinRequest {
  return openRequestFrame(parseFrame(bytes, { maxBytes: MAX_FRAME_BYTES }), verify);
}

function openRequestFrame(frame: Frame, verify: FrameVerifier): JoinRequest {
  if (frame.type !== JOIN_REQUEST) throw new CodecError(`request must be a frame of type ${JOIN_REQUEST}`);
  if (!verify(frame, frame.signer)) {
    throw new AuthenticationError('the signature of the join request does not verify');
  }
  const payload = decodeShape(PAYLOAD, frame.payload, { maxBytes: MAX_FRAME_BYTES, what: 'join request payload' });
  return { ...payload, id: frame.id, signPub: frame.signer, bytes: frame.bytes };
}

/**
 * The inviter's check that the joiner knows the invite's secret and holds the private half of its DH key.
 *
 * @param inviteSecret 32 bytes
 * @param dhPriv the inviter's X25519 private key
 * @throws AuthenticationError naming the proof that is wrong
 * @throws MeshError `invalid-request` if the DH key is of low order, with which nothing can be proven
 */
export function checkProofs(request: JoinRequest, inviteSecret: Uint8Array, dhPriv: Uint8Array): void {
  const proven = provenBytes(request.signPub, request);
  if (!equalSecretBytes(inviteProof(inviteSecret, proven), request.inviteProof)) {
    throw new AuthenticationError('the join request does not prove knowledge of the invite');
  }
  if (isLowOrder(request.dhPub)) {
    throw new MeshError('invalid-request', 'the DH key of the join request is of low order');
  }
  if (!equalSecretBytes(dhProof(dhPriv, request.dhPub, proven), request.dhProof)) {
    throw new AuthenticationError('the join request does not prove possession of its DH key');
  }
}

/**
 * A short code that both sides read to each other before the add: 80 bits of the hash of the request's id, as four
 * groups of four characters.
 */
export function fingerprint(requestId: Uint8Array): string {
  const text = crockfordBase32(labelHash('arborist-mesh/1 fingerprint', requestId).subarray(0, 10));
  return [0, 4, 8, 12].map((at) => text.slice(at, at + 4)).join('-');
}
