/**
 * Frames: everything signed travels as CBOR `[1, type, signer, signature, payload]`. The signature covers
 * `ASCII("arborist-mesh/1 " + type) ‖ 0x00 ‖ body` with `body = CBOR [signer, payload]`, and the frame's id is
 * `H("arborist-mesh/1 " + type + " id", body)`: signing again does not make another frame, and a signature for one type
 * never verifies as another.
 *
 * Parsing leaves the payload alone. The order of work on receipt is: parse, find the signer's key, verify, and only then
 * decode the payload.
 *
 * @module
 */
import { sha256Of } from '#sha256';
import { concatBytes, equalBytes, requireBytes } from '../bytes.js';
import { sign, verify, verifyBatch } from '../crypto/ed25519.js';
import { InvalidInputError } from '../errors.js';
import { encodeCbor } from './cbor.js';
import { encodeLabel } from './labels.js';
import { bytesOf, bytesUpTo, decodeShape, items, oneOf, textLike } from './shape.js';

/** A frame, its payload still encoded and its signature not yet verified. */
export interface Frame {
  /** What the payload is: `genesis`, `event`, `gossip`, … */
  readonly type: string;
  /** 32 bytes: the author's member instance id, or signing public key, as the type has it. */
  readonly signer: Uint8Array;
  /** 64 bytes: Ed25519. */
  readonly signature: Uint8Array;
  /** CBOR, not decoded. */
  readonly payload: Uint8Array;
  /** CBOR `[signer, payload]`: what the id and the signature cover, each after its label. */
  readonly body: Uint8Array;
  /** 32 bytes; does not depend on the signature. */
  readonly id: Uint8Array;
  /** The whole frame as it travels and is stored. */
  readonly bytes: Uint8Array;
}

/** A frame and the signing key of its author, for {@link verifyFrames}. */
export interface FrameToVerify {
  readonly frame: Frame;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

const PROTOCOL = 'arborist-mesh/1';
const VERSION = 1;

/** Lower-case words: with no space in them, no type's label is ever another one's id label. */
const TYPE_NAME = /^[a-z][a-z-]{0,31}$/;

const FRAME = items({
  version: oneOf(VERSION),
  type: textLike(TYPE_NAME, '1 to 32 lower-case letters and hyphens'),
  signer: bytesOf(32),
  signature: bytesOf(64),
  // The cap on the whole frame bounds the payload as well.
  payload: bytesUpTo(Number.MAX_SAFE_INTEGER),
});

/** What stands in front of a frame's body where it is signed, and where its id is made. */
interface TypeLabels {
  readonly signed: Uint8Array;
  readonly id: Uint8Array;
}

function encodeLabels(type: string): TypeLabels {
  return { signed: encodeLabel(`${PROTOCOL} ${type}`), id: encodeLabel(`${PROTOCOL} ${type} id`) };
}

/** The types that the protocol has. */
const KNOWN_TYPES = [
  'genesis',
  'event',
  'invite',
  'join-request',
  'fault',
  'gossip',
  'record',
  'endpoint',
  'request',
  'response',
];

/**
 * The labels of those are needed for every frame, and encoded once. A type that somebody made up is a type like any other
 * until a reader refuses it, but leaves nothing here: a stranger can send any number of them.
 */
const KNOWN_LABELS: ReadonlyMap<string, TypeLabels> = new Map(KNOWN_TYPES.map((type) => [type, encodeLabels(type)]));

const labelsOf = (type: string) => KNOWN_LABELS.get(type) ?? encodeLabels(type);
const signedBytes = (type: string, body: Uint8Array) => concatBytes(labelsOf(type).signed, body);
const frameId = (type: string, body: Uint8Array) => sha256Of(labelsOf(type).id, body);

/**
 * Makes and signs a frame.
 *
 * @param type lower-case letters and hyphens
 * @param signer 32 bytes: the author's member instance id, or signing public key, as the type has it
 * @param privateKey 32 bytes: the author's Ed25519 seed
 * @param payload encoded CBOR
 * @throws InvalidInputError naming the argument
 */
export function signFrame(type: string, signer: Uint8Array, privateKey: Uint8Array, payload: Uint8Array): Frame {
  if (!TYPE_NAME.test(type)) throw new InvalidInputError('type must be 1 to 32 lower-case letters and hyphens');
  const parts = { signer: requireBytes('signer', signer, 32), payload: requireBytes('payload', payload) };
  const body = encodeCbor([parts.signer, parts.payload]);
  const signature = sign(requireBytes('privateKey', privateKey, 32), signedBytes(type, body));
  const bytes = encodeCbor([VERSION, type, parts.signer, signature, parts.payload]);
  return { type, ...parts, signature, body, id: frameId(type, body), bytes };
}

/**
 * Takes a frame apart. Neither is its signature verified nor its payload decoded.
 *
 * @throws CodecError if it is too long, not canonical, or not of a frame's shape
 */
export function parseFrame(bytes: Uint8Array, { maxBytes }: { readonly maxBytes: number }): Frame {
  const { type, signer, signature, payload } = decodeShape(FRAME, bytes, { maxBytes, what: 'frame' });
  const body = encodeCbor([signer, payload]);
  return { type, signer, signature, payload, body, id: frameId(type, body), bytes };
}

/** Whether the key's owner signed this frame, as this type. Never throws. */
export function verifyFrame(frame: Frame, publicKey: Uint8Array): boolean {
  return verify(publicKey, frame.signature, signedBytes(frame.type, frame.body));
}

/** Tells whether a key's owner signed a frame, as {@link verifyFrame} does. */
export type FrameVerifier = (frame: Frame, publicKey: Uint8Array) => boolean;

/** Verdict i is that of {@link verifyFrame} on entry i; many at once cost less each. Never throws. */
export function verifyFrames(frames: readonly FrameToVerify[]): boolean[] {
  return verifyBatch(
    frames.map(({ frame, publicKey }) => ({
      publicKey,
      signature: frame.signature,
      message: signedBytes(frame.type, frame.body),
    })),
  );
}

/**
 * Good signatures, found many at a time. A verdict depends on key, signature and signed bytes alone, so that one that is
 * known saves the work and changes no result.
 */
export class VerifiedFrames {
  /** The key that each good frame was verified under. */
  readonly #keys = new Map<Frame, Uint8Array>();
  /** The same by content, for frames that are parsed again; made when the first of those comes. */
  #verdicts: Set<string> | null = null;

  /**
   * Verifies the frames together and remembers the good ones.
   *
   * @returns those, as they were given
   */
  add<T extends FrameToVerify>(frames: readonly T[]): T[] {
    const verdicts = verifyFrames(frames);
    const good = frames.filter((_, i) => verdicts[i] === true);
    for (const { frame, publicKey } of good) {
      this.#keys.set(frame, publicKey);
      this.#verdicts?.add(verdictKey(frame, publicKey));
    }
    return good;
  }

  /** {@link verifyFrame}, at once for the frames that are known to be good. */
  readonly verify: FrameVerifier = (frame, publicKey) => {
    const key = this.#keys.get(frame);
    if (key !== undefined && equalBytes(key, publicKey)) return true;
    return this.#isGoodContent(frame, publicKey) || verifyFrame(frame, publicKey);
  };

  #isGoodContent(frame: Frame, publicKey: Uint8Array): boolean {
    this.#verdicts ??= new Set(Array.from(this.#keys, ([good, key]) => verdictKey(good, key)));
    return this.#verdicts.has(verdictKey(frame, publicKey));
  }
}

/** A string for all that a verdict depends on; the id stands for type and body. */
function verdictKey({ id, signature }: Frame, publicKey: Uint8Array): string {
  return String.fromCharCode(...publicKey, ...signature, ...id);
}
