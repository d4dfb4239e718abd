/**
 * The request frame: type `request`, payload `[group_id, to, path, nonce, created, expires, args]`, signed by the caller's
 * `mid`; for the path `join`, where the caller has none yet, by its signing key. `to` is the server's `mid`.
 *
 * @module
 */
import { type CborValue, encodeCbor } from '../../codec/cbor.js';
import { type Frame, parseFrame, signFrame } from '../../codec/frame.js';
import { anything, bytesOf, decodeShape, items, oneOf, type ShapeOf, uint } from '../../codec/shape.js';
import { randomBytes } from '../../crypto/random.js';
import { CodecError } from '../../errors.js';
import { MAX_REQUEST_SECONDS, NONCE_BYTES } from '../limits.js';

/** What a signed request can be about. */
export const WIRE_PATHS = ['sync', 'push', 'join', 'chunk'] as const;
/** The last part of the URL of a signed request. */
export type WirePath = (typeof WIRE_PATHS)[number];

const REQUEST = 'request';

const PAYLOAD = items({
  groupId: bytesOf(32),
  to: bytesOf(32),
  path: oneOf(...WIRE_PATHS),
  nonce: bytesOf(NONCE_BYTES),
  created: uint(),
  expires: uint(),
  args: anything,
});

/** What a request says. */
export type RequestPayload = ShapeOf<typeof PAYLOAD>;

/** Who asks, whom, and what. */
export interface RequestParts {
  readonly groupId: Uint8Array;
  /** 32 bytes: the server's `mid`. */
  readonly to: Uint8Array;
  readonly path: WirePath;
  readonly args: CborValue;
  /** Seconds since the Unix epoch. */
  readonly now: number;
}

/** The caller: its `mid`, or for `join` its signing public key; and its signing key. */
export interface Caller {
  readonly signer: Uint8Array;
  readonly signPriv: Uint8Array;
}

/** Signs a request that is good for a minute. */
export function signRequest({ signer, signPriv }: Caller, { groupId, to, path, args, now }: RequestParts): Frame {
  const nonce = randomBytes(NONCE_BYTES);
  const payload = encodeCbor([groupId, to, path, nonce, now, now + MAX_REQUEST_SECONDS, args]);
  return signFrame(REQUEST, signer, signPriv, payload);
}

/**
 * Takes a request's frame apart; nothing is verified yet.
 *
 * @throws CodecError
 */
export function parseRequest(bytes: Uint8Array, maxBytes: number): Frame {
  const frame = parseFrame(bytes, { maxBytes });
  if (frame.type !== REQUEST) throw new CodecError(`the body must be a frame of type ${REQUEST}`);
  return frame;
}

/** The bytes of a request's frame before its signer: CBOR of an array of five, 1, `"request"`, and the head of 32 bytes. */
const BEFORE_SIGNER = [0x85, 0x01, 0x67, ...[...REQUEST].map((letter) => letter.charCodeAt(0)), 0x58, 32];

/** How many first bytes of a body tell its signer. */
export const SIGNER_PREFIX_BYTES = BEFORE_SIGNER.length + 32;

/** The signer that the first bytes of a body name; null if they are not those of a request. */
export function peekSigner(prefix: Uint8Array): Uint8Array | null {
  if (prefix.length < SIGNER_PREFIX_BYTES || !BEFORE_SIGNER.every((byte, i) => prefix[i] === byte)) return null;
  return prefix.slice(BEFORE_SIGNER.length, SIGNER_PREFIX_BYTES);
}

/**
 * Decodes the payload of a request whose signature was verified.
 *
 * @throws CodecError
 */
export function decodeRequest(frame: Frame): RequestPayload {
  return decodeShape(PAYLOAD, frame.payload, { maxBytes: frame.payload.length, what: 'request payload' });
}
