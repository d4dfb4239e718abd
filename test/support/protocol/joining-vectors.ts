/**
 * Vectors of joining: what an invite says, what the inviter makes of requests, and the fingerprints that people compare.
 *
 * @module
 */
import { base64urlDecode, base64urlEncode } from '../../../src/codec/base64url.js';
import { signFrame } from '../../../src/codec/frame.js';
import { sha256 } from '../../../src/crypto/sha256.js';
import { dhPublicKey } from '../../../src/crypto/x25519.js';
import { openInvite, signInvite } from '../../../src/mesh/invite.js';
import { fingerprint, openJoinRequest, signJoinRequest } from '../../../src/mesh/join-request.js';
import { toHex } from '../hex.js';
import { personOf } from '../membership/signed-tree.js';

const derive = (text: string, length = 32) =>
  sha256(new TextEncoder().encode(`arborist-mesh vectors ${text}`)).subarray(0, length);

const GROUP_ID = derive('group');
const CREATED_AT = 1_800_000_000;
const ADMIN = personOf('ada');
const JOINER = personOf('ben');
const SECRET = derive('invite secret');

function invite(): string {
  return signInvite(GROUP_ID, ADMIN.signPriv, {
    groupId: GROUP_ID,
    inviteId: derive('invite id', 16),
    secret: SECRET,
    signPub: ADMIN.signPub,
    dhPub: ADMIN.dhPub,
    head: derive('head'),
    expires: CREATED_AT + 604_800,
    urls: ['https://ada.example/mesh'],
    certPins: [derive('certificate')],
  });
}

const KEYS = {
  signPriv: JOINER.signPriv,
  signPub: JOINER.signPub,
  dhPriv: JOINER.dhPriv,
  inviteSecret: SECRET,
  inviterDhPub: ADMIN.dhPub,
};
const STATEMENT = {
  groupId: GROUP_ID,
  inviteId: derive('invite id', 16),
  nonce: derive('nonce', 16),
  memberId: JOINER.memberId,
  dhPub: JOINER.dhPub,
  createdAt: CREATED_AT,
};

function requestCases() {
  const honest = signJoinRequest(KEYS, STATEMENT);
  const other = personOf('cleo');
  const spoiled = honest.bytes.with(-70, (honest.bytes.at(-70) ?? 0) ^ 1);
  return {
    honest,
    refused: [
      {
        about: 'the joiner does not know the secret of the invite',
        rule: 'invite-proof',
        request: signJoinRequest({ ...KEYS, inviteSecret: derive('a guess') }, STATEMENT).bytes,
      },
      {
        about: 'the joiner does not hold the private half of the DH key',
        rule: 'dh-proof',
        request: signJoinRequest({ ...KEYS, dhPriv: other.dhPriv }, STATEMENT).bytes,
      },
      {
        about: 'the proofs were made for another inviter',
        rule: 'dh-proof',
        request: signJoinRequest({ ...KEYS, inviterDhPub: dhPublicKey(other.dhPriv) }, STATEMENT).bytes,
      },
      { about: 'a byte of the payload was changed', rule: 'signature', request: spoiled },
      {
        about: 'signed by another key than it names',
        rule: 'signature',
        request: signFrame('join-request', JOINER.signPub, other.signPriv, honest.payload).bytes,
      },
      {
        about: 'a frame of another type',
        rule: 'type',
        request: signFrame('event', JOINER.signPub, JOINER.signPriv, honest.payload).bytes,
      },
      { about: 'the last byte missing', rule: 'encoding', request: honest.bytes.subarray(0, -1) },
    ],
  };
}

/** The content of `joining.json`. */
export function joiningVectors() {
  const text = invite();
  const { honest, refused } = requestCases();
  const opened = openInvite(text);
  const bytes = base64urlDecode(text);
  return {
    'joining.json': {
      source: 'Joining of docs/protocol.md',
      inviter: { dh_priv: toHex(ADMIN.dhPriv), invite_secret: toHex(SECRET) },
      invite: {
        text,
        group_id: toHex(opened.groupId),
        invite_id: toHex(opened.inviteId),
        secret: toHex(opened.secret),
        inviter: toHex(opened.inviter),
        sign_pub: toHex(opened.signPub),
        dh_pub: toHex(opened.dhPub),
        head: toHex(opened.head),
        expires: opened.expires,
        urls: opened.urls,
        cert_pins: opened.certPins.map(toHex),
      },
      refused_invites: [
        {
          about: 'a changed byte',
          rule: 'signature',
          text: base64urlEncode(bytes.with(-70, (bytes.at(-70) ?? 0) ^ 1)),
        },
        { about: 'a padded text', rule: 'encoding', text: `${text}=` },
        { about: 'a text cut short', rule: 'encoding', text: text.slice(0, -4) },
        { about: 'a join request', rule: 'type', text: base64urlEncode(honest.bytes) },
      ],
      request: {
        bytes: toHex(honest.bytes),
        id: toHex(openJoinRequest(honest.bytes).id),
        sign_pub: toHex(JOINER.signPub),
        dh_pub: toHex(JOINER.dhPub),
        member_id: JOINER.memberId,
        fingerprint: fingerprint(honest.id),
      },
      refused_requests: refused.map(({ about, rule, request }) => ({ about, rule, request: toHex(request) })),
    },
  };
}
