/**
 * A refusal as it travels: CBOR `[code]`, unsigned, since a server refuses before it knows who asks. It changes nothing
 * but what a client tells its user.
 *
 * @module
 */
import { encodeCbor } from '../../codec/cbor.js';
import { decodeShape, items, textOf } from '../../codec/shape.js';
import { isRefusalCode, type RefusalCode, WireRefusedError } from '../errors.js';
import { MAX_REFUSAL_BYTES } from '../limits.js';

const REFUSAL = items({ code: textOf({ min: 1, max: 32 }) });

/** The body that refuses a request. */
export function encodeRefusal(code: RefusalCode): Uint8Array {
  return encodeCbor([code]);
}

/** What a refusing body says; one that is not in the protocol's form counts as `server-error`. */
export function readRefusal(body: Uint8Array): WireRefusedError {
  try {
    const { code } = decodeShape(REFUSAL, body, { maxBytes: MAX_REFUSAL_BYTES, what: 'refusal' });
    return new WireRefusedError(isRefusalCode(code) ? code : 'server-error');
  } catch {
    return new WireRefusedError('server-error');
  }
}
