/**
 * The invite: an admin's signed offer to join, carried out of band as base64url text. Whoever holds it can ask to be
 * added, so it is a secret until it is used; it works once.
 *
 * @module
 */
import { base64urlDecode, base64urlEncode } from '../codec/base64url.js';
import { type Frame, parseFrame, signFrame, verifyFrame } from '../codec/frame.js';
import { arrayOf, bytesOf, decodeShape, encodeShape, items, type ShapeOf, textOf, uint } from '../codec/shape.js';
import { AuthenticationError, CodecError } from '../errors.js';
import { MAX_FRAME_BYTES } from './limits.js';

const INVITE = 'invite';
const PAYLOAD = items({
  groupId: bytesOf(32),
  inviteId: bytesOf(16),
  secret: bytesOf(32),
  signPub: bytesOf(32),
  dhPub: bytesOf(32),
  head: bytesOf(32),
  expires: uint(),
  urls: arrayOf(textOf({ min: 1, max: 1_024 }), { max: 8 }),
  certPins: arrayOf(bytesOf(32), { max: 8 }),
});

/** What an invite says. */
export type InvitePayload = ShapeOf<typeof PAYLOAD>;

/** An opened invite. */
export interface Invite extends InvitePayload {
  /** 32 bytes: the inviting admin's `mid`. */
  readonly inviter: Uint8Array;
}

/** Signs an invite and gives its text. */
export function signInvite(mid: Uint8Array, signPriv: Uint8Array, payload: InvitePayload): string {
  return base64urlEncode(signFrame(INVITE, mid, signPriv, encodeShape(PAYLOAD, payload, 'invite payload')).bytes);
}

function inviteFrame(invite: string | Uint8Array): Frame {
  const bytes = typeof invite === 'string' ? base64urlDecode(invite, 'invite') : invite;
  const frame = parseFrame(bytes, { maxBytes: MAX_FRAME_BYTES });
  if (frame.type !== INVITE) throw new CodecError(`invite must be a frame of type ${INVITE}`);
  return frame;
}

/**
 * Takes an invite apart. It carries the key that signed it, so the signature only shows that nothing was changed or cut
 * off: trust comes from the channel that the invite came through, and from the history that the welcome brings.
 *
 * @throws CodecError if it is not of an invite's shape
 * @throws AuthenticationError if it was changed
 */
export function openInvite(invite: string | Uint8Array): Invite {
  const frame = inviteFrame(invite);
  const payload = decodeShape(PAYLOAD, frame.payload, { maxBytes: MAX_FRAME_BYTES, what: 'invite payload' });
  if (!verifyFrame(frame, payload.signPub))
    throw new AuthenticationError('the signature of the invite does not verify');
  return { ...payload, inviter: frame.signer };
}
