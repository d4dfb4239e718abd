/**
 * `GET /mesh/v1/hello`: the protocol's version, and the server's endpoint record where it has one. It tells nothing about
 * the group's content, so anybody may ask.
 *
 * @module
 */
import { encodeCbor } from '../../codec/cbor.js';
import { bytesOf, bytesUpTo, decodeShape, items, nullable, oneOf, type ShapeOf } from '../../codec/shape.js';
import { MAX_ENDPOINT_BYTES } from '../../mesh/endpoint.js';

const HELLO = items({
  protocol: oneOf('arborist-mesh/1'),
  mid: bytesOf(32),
  endpoint: nullable(bytesUpTo(MAX_ENDPOINT_BYTES)),
});

/** Longest hello, in bytes. */
export const MAX_HELLO_BYTES = MAX_ENDPOINT_BYTES + 256;

/** What a server says of itself: its `mid`, unproven, and its endpoint record. */
export type Hello = ShapeOf<typeof HELLO>;

/** CBOR `["arborist-mesh/1", mid, endpoint frame or null]`. */
export function encodeHello(mid: Uint8Array, endpoint: Uint8Array | null): Uint8Array {
  return encodeCbor(['arborist-mesh/1', mid, endpoint]);
}

/** @throws CodecError */
export function decodeHello(bytes: Uint8Array): Hello {
  return decodeShape(HELLO, bytes, { maxBytes: MAX_HELLO_BYTES, what: 'hello' });
}
