/**
 * Sealing gossip: a message of this peer to the members of the current epoch.
 *
 * @module
 */
import { requireBytes } from '../bytes.js';
import { InvalidInputError, MeshError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { requireEnabled } from './enabled.js';
import { loadSecret } from './envelope-store.js';
import { gossipKey, signGossip } from './gossip-message.js';
import { insertMessage, lastOfStream } from './gossip-store.js';
import { type JoinedGroup, requireMembership } from './group.js';
import { loadSigningKey } from './identity.js';
import { MAX_GOSSIP_PAYLOAD_BYTES } from './limits.js';
import { membersToKickAgain } from './lost-changes.js';

/** Whoever a counted kick removes must not be sealed to, even where the kick stands on a losing branch. */
function requireNoKickedMember(db: MeshDatabase, { roster }: JoinedGroup): void {
  const [kicked] = membersToKickAgain(db, roster);
  if (kicked !== undefined) {
    throw new MeshError(
      'standing-kick',
      `${JSON.stringify(kicked.memberId)} was kicked on another branch but is in the roster; an admin must kick again first`,
    );
  }
}

/** The current epoch's secret. */
function requireSecret(db: MeshDatabase, { head }: JoinedGroup): Uint8Array {
  const secret = loadSecret(db, head.id);
  if (secret === null) {
    throw new MeshError(
      'no-epoch-secret',
      `this peer holds no secret of epoch ${head.epoch}: its envelope has not come`,
    );
  }
  return secret;
}

/**
 * Seals a message to the members of the current epoch and signs it. It is kept, so that its stream goes on.
 *
 * @param payload at most 16,776,704 bytes; over the wire a message is bounded at 64 KiB
 * @returns the message, to be handed to the others' `openGossip`
 * @throws MeshDisabledError, InvalidInputError
 * @throws NotAMemberError if this peer was kicked
 * @throws MeshError `no-epoch-secret`; `standing-kick` if a kick on another branch contradicts the roster; `no-group`
 */
export function sealGossip(db: MeshDatabase, payload: Uint8Array): Uint8Array {
  requireEnabled(db);
  requireBytes('payload', payload);
  if (payload.length > MAX_GOSSIP_PAYLOAD_BYTES) {
    throw new InvalidInputError(
      `payload must be at most ${MAX_GOSSIP_PAYLOAD_BYTES} bytes long, got ${payload.length}`,
    );
  }
  return db.transaction(() => {
    const group = requireMembership(db);
    requireNoKickedMember(db, group);
    const { id: groupId, head, self } = group;
    const key = gossipKey(requireSecret(db, group), groupId, head.id, self.mid);
    // A new stream wherever a position might come twice, which would look like equivocation: in a restored image, or after
    // a message that was handed out but not kept.
    const streamId = db.lineage;
    const last = lastOfStream(db, self.mid, streamId);
    const position = { streamId, seq: last === null ? 0 : last.seq + 1, prevMsgId: last?.msgId ?? null };
    const header = { groupId, eventId: head.id, ...position };
    const frame = signGossip({ mid: self.mid, signPriv: loadSigningKey(db), key }, header, payload);
    insertMessage(db, frame, header);
    return frame.bytes;
  });
}
