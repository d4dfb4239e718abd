/**
 * `arborist-mesh`: a group of peers with one verifiable roster, no central authority, and gossip sealed to its members.
 * Functions take the database first, where they need one; all are synchronous but opening and recovering a database.
 *
 * @module
 */
export {
  AuthenticationError,
  CodecError,
  CorruptDatabaseError,
  DatabaseLockedError,
  IdentityExistsError,
  InvalidInputError,
  MeshDisabledError,
  MeshError,
  NotAMemberError,
  NotAuthorizedError,
  WasmUnavailableError,
} from './errors.js';
export { type AppliedEvents, applyEvents } from './mesh/apply-events.js';
export { type Conflict, conflicts } from './mesh/conflicts.js';
export { currentEpoch, roster } from './mesh/current.js';
export { isEnabled, setEnabled } from './mesh/enabled.js';
export { type FaultReason, InvalidEnvelopeError } from './mesh/envelope.js';
export type { EventResult } from './mesh/event-intake.js';
export { eventsSince } from './mesh/events-since.js';
export { type EventEffect, type EventExplanation, explainEvent } from './mesh/explain-event.js';
export { applyFault, type Fault } from './mesh/fault.js';
export { type InitIdentityOptions, initIdentity } from './mesh/founding.js';
export { type HistoryEvent, history } from './mesh/history.js';
export { loadIdentity, loadPublicIdentity, type MeshIdentity, type PublicIdentity } from './mesh/identity.js';
export { type EventRule, InvalidEventError } from './mesh/invalid-event.js';
export {
  type AddedMember,
  type AddMemberOptions,
  addMember,
  type CreatedInvite,
  createInvite,
  type InviteOptions,
} from './mesh/inviting.js';
export {
  type AcceptedWelcome,
  acceptWelcome,
  type CreatedJoinRequest,
  type RequestJoinOptions,
  requestJoin,
} from './mesh/joining.js';
export type { Loss, LossReason } from './mesh/lost-changes.js';
export { kickMember, type MembershipChange, rotateEpoch } from './mesh/membership.js';
export { checkMembershipProof, membershipProof, type ProvenMembership } from './mesh/membership-proof.js';
export { type GossipResult, type OpenedGossip, openGossip, openGossipBatch } from './mesh/open-gossip.js';
export { type Pruned, type PruneOptions, prune } from './mesh/prune.js';
export {
  type AcceptedChunk,
  acceptChunk,
  chunkWithProof,
  completeRecord,
  missingChunks,
  type ProvenChunk,
  type RecordFault,
  type RecordVerdict,
  recordContent,
} from './mesh/records/chunks.js';
export { type Corroboration, corroboration, type VouchedDocument, type Voucher } from './mesh/records/corroboration.js';
export {
  type DocumentToIngest,
  type IngestOptions,
  type IngestResult,
  ingest,
  ingestAll,
} from './mesh/records/ingest.js';
export { publishRecord } from './mesh/records/publish.js';
export { recordById, records, type SourceVerdict, verifyRecord } from './mesh/records/reading.js';
export { type ReceivedGossip, type ReceivedRecord, receiveGossip, receiveRecord } from './mesh/records/receive.js';
export type { DocumentCommitment } from './mesh/records/record-frame.js';
export type { MeshRecord } from './mesh/records/record-store.js';
export { type PendingReplay, pendingReplays, replay } from './mesh/replay.js';
export type { MeshRosterEntry, Role } from './mesh/roster.js';
export { sealGossip } from './mesh/seal-gossip.js';
export { type GroupStatus, type LastEvent, type MeshStatus, meshStatus } from './mesh/status.js';
export { type HistoryReport, verifyHistory } from './mesh/verify-history.js';
export { type Canonicalization, canonicalize } from './records/canonicalize.js';
export { checkChunkProof, encodeChunkProof, type ProvenPlace } from './records/chunk-proof.js';
export { type Chunker, DEFAULT_CHUNKER, MAX_CHUNK_LENGTH } from './records/chunkers.js';
export {
  type DigestSourceOptions,
  type DocumentProgress,
  type DocumentSource,
  digestSource,
} from './records/digest-source.js';
export {
  createDocumentHasher,
  type DocumentDigest,
  type DocumentHasher,
  type DocumentOptions,
  documentDigest,
  MAX_CHUNKS,
} from './records/document-hasher.js';
export { type DocumentRule, InvalidDocumentError } from './records/invalid-document.js';
export {
  type MerkleCommitment,
  type MerkleProof,
  type MerkleSibling,
  MerkleTree,
  merkleLeaf,
  merkleProof,
  merkleRoot,
  verifyProof,
} from './records/merkle-tree.js';
export type { BackupOptions } from './store/backup.js';
export type { MeshDatabase } from './store/database.js';
export { deleteDatabase } from './store/delete-database.js';
export { type OpenDatabaseOptions, openDatabase } from './store/open-database.js';
export type { PlaceName } from './store/place-name.js';
export { type ExaminedFile, type RecoverOptions, type Recovery, recoverDatabase } from './store/recover.js';
export { type ChangePassphraseOptions, changePassphrase } from './store/secrets/change-passphrase.js';
export type { Passphrase } from './store/secrets/passphrase.js';
export type { SecretState } from './store/secrets/secrets.js';
export { useSqliteModule } from './store/sql-js.js';
