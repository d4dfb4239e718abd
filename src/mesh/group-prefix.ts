/**
 * A first look at whose traffic a payload is. Payloads of the group's traffic begin with the group id, so that another
 * group's can be told apart before its signer is looked for, and without decoding anything.
 *
 * @module
 */
import { equalBytes } from '../bytes.js';

/** Whether a payload begins as CBOR of an array of `items` (at most 23) items does whose first is the group id. */
export function isOfGroup(payload: Uint8Array, items: number, groupId: Uint8Array): boolean {
  const isStart = payload[0] === (0x80 | items) && payload[1] === 0x58 && payload[2] === 32;
  return isStart && equalBytes(payload.subarray(3, 35), groupId);
}
