/**
 * The response frame: type `response`, payload `[request_hash, created, result]`, signed by the server's `mid`.
 * `request_hash` is the id of the request's frame, which no other request has, so that no answer fits another question.
 *
 * @module
 */
import { equalBytes } from '../../bytes.js';
import { type CborValue, encodeCbor } from '../../codec/cbor.js';
import { type Frame, parseFrame, signFrame, verifyFrame } from '../../codec/frame.js';
import { anything, bytesOf, decodeShape, items, uint } from '../../codec/shape.js';
import { CodecError } from '../../errors.js';
import { BadAnswerError } from '../errors.js';

const RESPONSE = 'response';

const PAYLOAD = items({ requestHash: bytesOf(32), created: uint(), result: anything });

/** Who answers: its `mid` and its signing key. */
export interface Answerer {
  readonly mid: Uint8Array;
  readonly signPriv: Uint8Array;
}

/**
 * Signs an answer.
 *
 * @param requestHash 32 bytes: the id of the request's frame
 * @param now seconds since the Unix epoch
 */
export function signResponse(
  { mid, signPriv }: Answerer,
  requestHash: Uint8Array,
  now: number,
  result: CborValue,
): Uint8Array {
  return signFrame(RESPONSE, mid, signPriv, encodeCbor([requestHash, now, result])).bytes;
}

/** Whose answer to what is expected. */
export interface ExpectedAnswer {
  /** 32 bytes: the server's `mid`. */
  readonly mid: Uint8Array;
  /** 32 bytes: its signing public key. */
  readonly signPub: Uint8Array;
  /** The request. */
  readonly request: Frame;
}

/** Runs a decoder on an answer; what it cannot read is a bad answer. */
export function readAs<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof CodecError)) throw cause;
    throw new BadAnswerError(`the answer is not ${what}: ${cause.message}`, { cause });
  }
}

/**
 * Opens an answer: signed by the server that was asked, to the very request that was made.
 *
 * @throws BadAnswerError if it is not
 */
export function openResponse(bytes: Uint8Array, { mid, signPub, request }: ExpectedAnswer): CborValue {
  const frame = readAs('a signed one', () => parseFrame(bytes, { maxBytes: bytes.length }));
  if (frame.type !== RESPONSE) throw new BadAnswerError(`the answer is not a frame of type ${RESPONSE}`);
  if (!equalBytes(frame.signer, mid) || !verifyFrame(frame, signPub)) {
    throw new BadAnswerError('the answer is not signed by the peer that was asked');
  }
  const payload = readAs('one of this protocol', () =>
    decodeShape(PAYLOAD, frame.payload, { maxBytes: bytes.length, what: 'response payload' }),
  );
  if (!equalBytes(payload.requestHash, request.id)) throw new BadAnswerError('the answer is one to another request');
  return payload.result;
}
