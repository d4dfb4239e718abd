/**
 * Publishing: a record goes to the members of the current epoch, as sealed gossip.
 *
 * @module
 */
import { requireBytes } from '../../bytes.js';
import { parseFrame } from '../../codec/frame.js';
import { NotAMemberError } from '../../errors.js';
import type { MeshDatabase } from '../../store/database.js';
import { requireEnabled } from '../enabled.js';
import { requireMembership } from '../group.js';
import { MAX_GOSSIP_BYTES } from '../limits.js';
import { sealGossip } from '../seal-gossip.js';
import { notePublished, requireRecord } from './record-store.js';

/**
 * Seals a record for the members of the current epoch. Any record will do whose author is a member now: this peer's own, or
 * another's, which reaches in this way those who joined later and cannot open what was sealed before.
 *
 * @param recordId 32 bytes
 * @returns the message, to be handed to the others' `receiveRecord` or `receiveGossip`
 * @throws InvalidInputError, MeshDisabledError
 * @throws NotAMemberError if this peer or the record's author is not a member any more
 * @throws MeshError `unknown-record`; and as `sealGossip` does
 */
export function publishRecord(db: MeshDatabase, recordId: Uint8Array): Uint8Array {
  requireEnabled(db);
  requireBytes('recordId', recordId, 32);
  return db.transaction(() => {
    const record = requireRecord(db, recordId);
    if (requireMembership(db).roster.byMid(record.mid) === null) {
      throw new NotAMemberError('the author of the record is not a member any more, so that others would refuse it');
    }
    const message = sealGossip(db, record.frame);
    notePublished(db, record, parseFrame(message, { maxBytes: MAX_GOSSIP_BYTES }).id);
    return message;
  });
}
