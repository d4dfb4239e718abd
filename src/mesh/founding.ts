/**
 * Founding a group: this peer's identity and the genesis event, epoch 0.
 *
 * @module
 */
import { requireOptions } from '../bytes.js';
import { randomBytes } from '../crypto/random.js';
import { IdentityExistsError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';
import { envelopeHash, sealEnvelope } from './envelope.js';
import { saveEnvelope, saveSecret } from './envelope-store.js';
import { decodeGenesis, signGenesis } from './event.js';
import { storeEvent } from './event-intake.js';
import { startHead } from './head.js';
import { loadPublicIdentity, type MeshIdentity, newIdentity, saveIdentity } from './identity.js';
import { requireGroupName, requireMemberId } from './names.js';
import { Roster } from './roster.js';
import { NO_GROUP_ID, newEpochSecret, secretCommit } from './secret.js';
import { checkGenesis } from './validity.js';

/** Settings of {@link initIdentity}. */
export interface InitIdentityOptions {
  /** What the group is called: 1 to 128 bytes of UTF-8 in normalization form C, no control characters. */
  readonly groupName: string;
  /** What this peer is called: 1 to 64 bytes, likewise; `peer-` and 10 characters of its key's hash where absent. */
  readonly memberId?: string;
}

function foundGroup(db: MeshDatabase, founder: MeshIdentity): void {
  const { groupName, memberId, signPub, dhPub } = founder;
  // An entry of the roster hash has no mid, so zeros stand for the one that is not known before the event is made.
  const roster = new Roster([{ memberId, mid: NO_GROUP_ID, signPub, dhPub, role: 'admin', sinceEpoch: 0 }]);
  const secret = newEpochSecret();
  const committed = { rosterHash: roster.hash, secretCommit: secretCommit(NO_GROUP_ID, 0, secret) };
  const context = { ...committed, groupId: NO_GROUP_ID, epoch: 0, prev: null, signer: signPub };
  const envelope = sealEnvelope(context, roster, secret);
  const frame = signGenesis(founder, {
    nonce: randomBytes(16),
    groupName,
    memberId,
    dhPub,
    ...committed,
    envelopeHash: envelopeHash(envelope),
    createdAt: founder.createdAt,
  });
  const genesis = decodeGenesis(frame);
  saveIdentity(db, founder, genesis.id);
  startHead(db, storeEvent(db, genesis, frame.bytes, checkGenesis(genesis)));
  saveSecret(db, genesis.id, secret);
  saveEnvelope(db, genesis.id, envelope);
}

/**
 * Founds a group: makes this peer's keys and the genesis, in one transaction. The mesh stays disabled until
 * `setEnabled`.
 *
 * @throws IdentityExistsError if this database founded a group already, or asked to join one
 * @throws InvalidInputError if a name is not as it must be
 */
export function initIdentity(db: MeshDatabase, options: InitIdentityOptions): MeshIdentity {
  const { groupName, memberId } = requireOptions(options);
  requireGroupName(groupName);
  if (memberId !== undefined) requireMemberId(memberId);
  return db.transaction(() => {
    if (loadPublicIdentity(db) !== null) throw new IdentityExistsError();
    const founder = { ...newIdentity(db, memberId), groupName };
    foundGroup(db, founder);
    // A copy for the caller: the key itself is kept with the roster.
    return { ...founder, signPub: founder.signPub.slice() };
  });
}
