/**
 * A first look at whose traffic a payload is. Payloads of the group's traffic begin with the group id, so that another
 * group's can be told apart before its signer is looked for, and without decoding anything.
 *
 * @module
 */
import { concatBytes } from '../bytes.js';

/** Whether a payload begins as CBOR of an array of `items` (at most 23) items does whose first is the group id. */
export function isOfGroup(payload: Uint8Array, items: number, groupId: Uint8Array): boolean {
  const start = concatBytes(Uint8Array.of(0x80 | items, 0x58, 32), groupId);
  return start.every((byte, i) => payload[i] === byte);
}
