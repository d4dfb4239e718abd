/**
 * Bundles and welcomes: how events travel. A bundle is an event's frame with its envelope, where the sender has it; a
 * welcome is the whole chain that a joiner starts from.
 *
 * @module
 */
import { type Frame, parseFrame } from '../codec/frame.js';
import { arrayOf, bytesOf, bytesUpTo, decodeShape, encodeShape, items, nullable } from '../codec/shape.js';
import { MAX_BUNDLE_BYTES, MAX_ENVELOPE_BYTES, MAX_FRAME_BYTES, MAX_WELCOME_BYTES } from './limits.js';

const BUNDLE = items({ frame: bytesUpTo(MAX_FRAME_BYTES), envelope: nullable(bytesUpTo(MAX_ENVELOPE_BYTES)) });
const WELCOME = items({
  groupId: bytesOf(32),
  bundles: arrayOf(bytesUpTo(MAX_BUNDLE_BYTES), { max: Number.MAX_SAFE_INTEGER }),
});

/** An event's frame and its envelope. */
export interface Bundle {
  readonly frame: Uint8Array;
  readonly envelope: Uint8Array | null;
}

/** The whole chain for a joiner, parents first. */
export interface Welcome {
  readonly groupId: Uint8Array;
  readonly bundles: readonly Uint8Array[];
}

/** CBOR `[frame, envelope or null]`. */
export function encodeBundle(bundle: Bundle): Uint8Array {
  return encodeShape(BUNDLE, bundle, 'bundle');
}

/** @throws CodecError if the bytes are not a bundle's */
export function decodeBundle(bytes: Uint8Array): Bundle {
  return decodeShape(BUNDLE, bytes, { maxBytes: MAX_BUNDLE_BYTES, what: 'bundle' });
}

/** A bundle whose frame is taken apart; its signature is not verified. */
export interface OpenedBundle {
  readonly frame: Frame;
  readonly envelope: Uint8Array | null;
}

/** @throws CodecError if the bytes are not a bundle's, or its frame is none */
export function openBundle(bytes: Uint8Array): OpenedBundle {
  const { frame, envelope } = decodeBundle(bytes);
  return { frame: parseFrame(frame, { maxBytes: MAX_FRAME_BYTES }), envelope };
}

/** The bundles of one call, which are looked at twice: opened ahead of their turn, and taken once it has come. */
export class OpenedBundles {
  readonly #waiting = new Map<Uint8Array, OpenedBundle>();

  /** Opens a bundle and keeps it. @throws CodecError as {@link openBundle} does */
  open(bytes: Uint8Array): OpenedBundle {
    const opened = openBundle(bytes);
    this.#waiting.set(bytes, opened);
    return opened;
  }

  /** Gives the bundle away, opened now if it was not before. @throws CodecError as {@link openBundle} does */
  take(bytes: Uint8Array): OpenedBundle {
    const opened = this.#waiting.get(bytes) ?? openBundle(bytes);
    this.#waiting.delete(bytes);
    return opened;
  }
}

/** CBOR `[group_id, [bundles from genesis on]]`. */
export function encodeWelcome(welcome: Welcome): Uint8Array {
  return encodeShape(WELCOME, welcome, 'welcome');
}

/** @throws CodecError if the bytes are not a welcome's */
export function decodeWelcome(bytes: Uint8Array): Welcome {
  return decodeShape(WELCOME, bytes, { maxBytes: MAX_WELCOME_BYTES, what: 'welcome' });
}
