/**
 * The peers that a command goes to: those it names, else all that this peer knows.
 *
 * @module
 */
import { equalBytes } from '../../../bytes.js';
import { type MeshDatabase, meshStatus } from '../../../index.js';
import { endpoints, namedPeers, type PeerAddress } from '../../../wire/index.js';
import { CommandFailure } from '../../failure.js';

/** A peer and how this one knows of it. */
export interface KnownPeer extends PeerAddress {
  /** The member whose record tells it; null where the user named the peer. */
  readonly memberId: string | null;
}

/** All peers that this one knows, without itself. */
export function knownPeers(db: MeshDatabase): KnownPeer[] {
  const { group } = meshStatus(db);
  const own = group?.mid ?? null;
  const told = group === null ? [] : endpoints(db).filter(({ mid }) => own === null || !equalBytes(mid, own));
  const named = namedPeers(db).map((peer) => ({ ...peer, memberId: null }));
  const urls = new Set(named.map(({ url }) => url));
  return [...named, ...told.filter(({ url }) => !urls.has(url))];
}

/** The named peers, with their pins where those are known; without names, all that are known. */
export function peersToCall(db: MeshDatabase, urls: readonly string[], pin: Uint8Array | undefined): PeerAddress[] {
  const known = knownPeers(db);
  if (urls.length === 0) {
    if (known.length > 0) return known;
    throw new CommandFailure(
      'no-peers',
      'no peer is known yet',
      'name one with: arborist mesh peers add URL --pin PIN',
    );
  }
  return urls.map((url) => {
    if (pin !== undefined) return { url, certPin: pin };
    return known.find((peer) => peer.url === url.replace(/\/+$/, '')) ?? { url };
  });
}
