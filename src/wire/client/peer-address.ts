/**
 * Where a peer is, and whether a client may go there.
 *
 * @module
 */
import { isBytes, requireBytes } from '../../bytes.js';
import { InvalidInputError, MeshError } from '../../errors.js';
import { requirePeerUrl } from '../../mesh/endpoint.js';
import { isLoopbackHost, requirePublicAddress } from './private-address.js';

/** A peer to synchronize with. */
export interface PeerAddress {
  readonly url: string;
  /** 32 bytes: the SHA-256 of its certificate; where absent or null, the runtime's own trust decides. */
  readonly certPin?: Uint8Array | null;
  /** 32 bytes: its `mid`; asked for where absent. */
  readonly mid?: Uint8Array;
}

/** What a client may do to reach a peer. */
export interface ReachOptions {
  /** Addresses of private networks and of this machine; true where absent. */
  readonly allowPrivate?: boolean;
  /** Plain HTTP to other machines than this one; false where absent. */
  readonly allowPlainHttp?: boolean;
}

/**
 * The URL of a peer that may be reached.
 *
 * @param peer checked whole, as it comes from the user
 * @throws InvalidInputError; MeshError `private-address`, `plain-http`
 */
export function requireReachable(
  peer: PeerAddress,
  { allowPrivate = true, allowPlainHttp = false }: ReachOptions,
): { readonly url: URL; readonly certPins: readonly Uint8Array[]; readonly allowPrivate: boolean } {
  if (typeof peer !== 'object' || peer === null) throw new InvalidInputError('peer must be an object with a url');
  const url = new URL(requirePeerUrl(peer.url));
  const { certPin = null, mid } = peer;
  if (mid !== undefined) requireBytes('peer.mid', mid, 32);
  if (certPin !== null && !(isBytes(certPin) && certPin.length === 32)) {
    throw new InvalidInputError('certPin must be a Uint8Array of 32 bytes, or null');
  }
  if (!allowPrivate) requirePublicAddress(url.hostname);
  if (url.protocol === 'http:' && !allowPlainHttp && !isLoopbackHost(url.hostname)) {
    throw new MeshError('plain-http', 'the URL is plain HTTP to another machine, which was not allowed');
  }
  return { url, certPins: certPin === null ? [] : [certPin], allowPrivate };
}
