/**
 * Joining: what invites say, which requests an inviter accepts, and the fingerprints that people compare.
 *
 * @module
 */
import { openInvite } from '../../mesh/invite.js';
import { checkProofs, fingerprint, openJoinRequest } from '../../mesh/join-request.js';
import type { Area } from '../area.js';
import { expectBytes, expectEqual, expectMeshError } from '../expect.js';
import { fromHex } from '../hex.js';
import { readVectors } from '../vectors.js';

interface JoiningVectors {
  readonly source: string;
  readonly inviter: { readonly dh_priv: string; readonly invite_secret: string };
  readonly invite: {
    readonly text: string;
    readonly group_id: string;
    readonly invite_id: string;
    readonly secret: string;
    readonly inviter: string;
    readonly sign_pub: string;
    readonly dh_pub: string;
    readonly head: string;
    readonly expires: number;
    readonly urls: readonly string[];
    readonly cert_pins: readonly string[];
  };
  readonly refused_invites: readonly { readonly about: string; readonly rule: string; readonly text: string }[];
  readonly request: Readonly<Record<'bytes' | 'id' | 'sign_pub' | 'dh_pub' | 'member_id' | 'fingerprint', string>>;
  readonly refused_requests: readonly { readonly about: string; readonly rule: string; readonly request: string }[];
}

const read = () => readVectors<JoiningVectors>('protocol/joining.json');

/** The code of the error by which the library tells that a rule is broken. */
const codeOf = (rule: string) => (rule === 'encoding' || rule === 'type' ? 'codec' : 'authentication-failed');

/** See the module's header. */
export const JOINING: Area = {
  name: 'joining',
  checks: [
    {
      name: 'an invite says what it must say',
      run: ({ record }) => {
        const { invite } = read();
        const opened = openInvite(invite.text);
        expectBytes('group id', opened.groupId, invite.group_id);
        expectBytes('invite id', opened.inviteId, invite.invite_id);
        expectBytes('secret', opened.secret, invite.secret);
        expectBytes('inviter', opened.inviter, invite.inviter);
        expectBytes('signing key', opened.signPub, invite.sign_pub);
        expectBytes('DH key', opened.dhPub, invite.dh_pub);
        expectBytes('head', opened.head, invite.head);
        expectEqual('expiry', opened.expires, invite.expires);
        expectEqual('URLs', opened.urls.join(), invite.urls.join());
        for (const [i, pin] of opened.certPins.entries()) expectBytes('pin', pin, invite.cert_pins[i] ?? '');
        record('group id', opened.groupId);
      },
    },
    {
      name: 'a changed invite is refused',
      run: ({ record }) => {
        const { refused_invites } = read();
        for (const { about, rule, text } of refused_invites)
          expectMeshError(about, codeOf(rule), () => openInvite(text));
        record('refused', refused_invites.length);
      },
    },
    {
      name: 'a request is accepted with both its proofs, and has the fingerprint that it must have',
      run: ({ record }) => {
        const { inviter, request } = read();
        const opened = openJoinRequest(fromHex(request.bytes));
        checkProofs(opened, fromHex(inviter.invite_secret), fromHex(inviter.dh_priv));
        expectBytes('id', opened.id, request.id);
        expectBytes('signing key', opened.signPub, request.sign_pub);
        expectBytes('DH key', opened.dhPub, request.dh_pub);
        expectEqual('name', opened.memberId, request.member_id);
        expectEqual('fingerprint', fingerprint(opened.id), request.fingerprint);
        record('fingerprint', fingerprint(opened.id));
      },
    },
    {
      name: 'a request with a wrong proof or signature is refused',
      run: ({ record }) => {
        const { inviter, refused_requests } = read();
        for (const { about, rule, request } of refused_requests) {
          expectMeshError(about, codeOf(rule), () =>
            checkProofs(openJoinRequest(fromHex(request)), fromHex(inviter.invite_secret), fromHex(inviter.dh_priv)),
          );
        }
        record('refused', refused_requests.length);
      },
    },
  ],
};
