/**
 * The epoch secret: 32 random bytes that the admin who makes an event wraps to every member. The event commits to it,
 * so that no admin can hand different secrets to different members.
 *
 * @module
 */
import { concatBytes, equalBytes, u64be } from '../bytes.js';
import { labelHash } from '../codec/labels.js';
import { randomBytes } from '../crypto/random.js';

/** What stands for the group id where genesis commits to its secret: the group id is the hash of genesis itself. */
export const NO_GROUP_ID = new Uint8Array(32);

/** A fresh secret: 32 bytes. */
export function newEpochSecret(): Uint8Array {
  return randomBytes(32);
}

/**
 * `secret_commit = H("arborist-mesh/1 secret", group_id ‖ u64be(epoch) ‖ secret)`; 32 bytes.
 *
 * @param groupId 32 bytes; zeros for genesis
 */
export function secretCommit(groupId: Uint8Array, epoch: number, secret: Uint8Array): Uint8Array {
  return labelHash('arborist-mesh/1 secret', concatBytes(groupId, u64be(epoch), secret));
}

/** Whether the secret is the one that was committed to. */
export function isCommittedSecret(commit: Uint8Array, groupId: Uint8Array, epoch: number, secret: Uint8Array): boolean {
  return equalBytes(secretCommit(groupId, epoch, secret), commit);
}
