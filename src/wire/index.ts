/**
 * `arborist-mesh/wire`: peers find, join and follow each other over HTTP and TLS. Opt-in: nothing of the library calls
 * this by itself.
 *
 * @module
 */
export { serveMesh } from '#wire-server';
export {
  approveJoin,
  declineJoin,
  openInviteToAll,
  type PendingJoin,
  pendingJoins,
} from '../mesh/admission.js';
export { type Endpoint, endpoints } from '../mesh/endpoint.js';
export { addPeer, type NamedPeer, namedPeers, removePeer } from '../mesh/named-peers.js';
export { inviteUrls, type OutgoingJoin, waitingJoin } from '../mesh/outgoing-join.js';
export {
  type FetchedFrom,
  type FetchOptions,
  type FetchProgress,
  type FetchReport,
  fetchRecord,
} from './client/fetch-record.js';
export { type JoinGroupOptions, type JoinProgress, joinGroup } from './client/join-group.js';
export type { PeerAddress, ReachOptions } from './client/peer-address.js';
export { type SyncOptions, type SyncProgress, type SyncReport, syncWith } from './client/sync-with.js';
export type { Transport, TransportAnswer, TransportRequest, TransportTarget } from './client/transport.js';
export { controlServer } from './control/control-server.js';
export { type Controls, inviteWith } from './control/controls.js';
export { type ServingAt, servingAt } from './control/serving-at.js';
export {
  BadAnswerError,
  type RefusalCode,
  UnreachableError,
  WireRefusedError,
  WrongCertificateError,
} from './errors.js';
export {
  type GossipEvent,
  type GossipOptions,
  type RunningGossip,
  startGossip,
} from './gossip/start-gossip.js';
export { publishEndpoint } from './publish-endpoint.js';
export {
  createMeshHandler,
  type MeshHandler,
  type MeshHandlerOptions,
  type RequestInfo,
  type WireLogEntry,
} from './server/handler.js';
export type { RunningServer, ServeOptions } from './server/serve-options.js';
export { type ServedPath, type WireStats, wireStats } from './stats.js';
export type { Refused } from './sync/replica.js';
