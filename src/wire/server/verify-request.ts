/**
 * From the bytes of a body to a request that may be answered: shape, signer, signature, and only then what it says: for
 * this group and this peer, fresh, and never seen before.
 *
 * @module
 */
import { equalBytes } from '../../bytes.js';
import { type Frame, verifyFrame } from '../../codec/frame.js';
import { CodecError } from '../../errors.js';
import type { JoinedGroup } from '../../mesh/group.js';
import type { MeshRosterEntry } from '../../mesh/roster.js';
import { WireRefusedError } from '../errors.js';
import { MAX_CLOCK_SKEW_SECONDS, MAX_REQUEST_SECONDS } from '../limits.js';
import { decodeRequest, parseRequest, type RequestPayload, type WirePath } from '../protocol/request.js';
import type { NoncePool } from './nonce-pool.js';

/** A request that is what it says. */
export interface VerifiedRequest {
  readonly frame: Frame;
  readonly payload: RequestPayload;
  /** The member who asks; null for `join`, where it is not one yet. */
  readonly member: MeshRosterEntry | null;
}

/** Against what a request is verified. */
export interface RequestContext {
  readonly group: JoinedGroup;
  readonly path: WirePath;
  readonly nonces: NoncePool;
  /** Seconds since the Unix epoch. */
  readonly now: number;
  /** Whether this many bad signatures may still be looked at. */
  readonly mayVerify: () => boolean;
}

/** Runs a decoder on bytes from outside; what it cannot read is a bad request. */
export function decoded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new WireRefusedError('bad-request', error.message, { cause: error });
  }
}

function signerOf(frame: Frame, { group, path }: RequestContext) {
  if (path === 'join') return { member: null, signPub: frame.signer };
  const member = group.roster.byMid(frame.signer);
  if (member === null) throw new WireRefusedError('unknown-caller');
  return { member, signPub: member.signPub };
}

function requireFresh({ created, expires }: RequestPayload, now: number): void {
  const isShort = expires >= created && expires - created <= MAX_REQUEST_SECONDS;
  if (!isShort || created > now + MAX_CLOCK_SKEW_SECONDS || expires < now - MAX_CLOCK_SKEW_SECONDS) {
    throw new WireRefusedError('not-fresh');
  }
}

/**
 * Verifies the bytes of a body, in the order in which each step costs more than the one before.
 *
 * @throws WireRefusedError `bad-request`, `unknown-caller`, `rate-limited`, `bad-signature`, `other-group`,
 *   `misdirected`, `not-fresh`, `repeated`, `busy`
 */
export function verifyRequest(body: Uint8Array, context: RequestContext): VerifiedRequest {
  const frame = decoded(() => parseRequest(body, body.length));
  const { member, signPub } = signerOf(frame, context);
  if (!context.mayVerify()) throw new WireRefusedError('rate-limited');
  if (!verifyFrame(frame, signPub)) throw new WireRefusedError('bad-signature');
  const payload = decoded(() => decodeRequest(frame));
  if (!equalBytes(payload.groupId, context.group.id)) throw new WireRefusedError('other-group');
  if (!equalBytes(payload.to, context.group.self.mid) || payload.path !== context.path) {
    throw new WireRefusedError('misdirected');
  }
  requireFresh(payload, context.now);
  const verdict = context.nonces.note(
    frame.signer,
    payload.nonce,
    payload.expires + MAX_CLOCK_SKEW_SECONDS,
    context.now,
  );
  if (verdict === 'repeated') throw new WireRefusedError('repeated');
  if (verdict === 'full') throw new WireRefusedError('busy');
  return { frame, payload, member };
}
