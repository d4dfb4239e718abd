/** Join requests that reach an admin by themselves: what becomes of them, and what they may cost. */
import { beforeEach, describe, expect, test } from 'vitest';
import { randomBytes } from '../../src/crypto/random.js';
import { generateDhKeypair } from '../../src/crypto/x25519.js';
import {
  acceptWelcome,
  addMember,
  applyEvents,
  createInvite,
  kickMember,
  type MeshDatabase,
  requestJoin,
  roster,
  setEnabled,
} from '../../src/index.js';
import { type Admission, admit, approveJoin, openInviteToAll, pendingJoins } from '../../src/mesh/admission.js';
import { loadIdentity, type MeshIdentity } from '../../src/mesh/identity.js';
import { openInvite } from '../../src/mesh/invite.js';
import { signJoinRequest } from '../../src/mesh/join-request.js';
import { openFounder, openPeer, START } from './support/peers.js';
import { refusal } from './support/unchanged.js';

let ada: MeshDatabase;
let joiner: MeshDatabase;

beforeEach(async () => {
  ada = await openFounder('ada');
  joiner = await openPeer();
});

/** The request of a joiner whose keys and name are whatever a test wants them to be. */
function requestWith(invite: string, identity: MeshIdentity, { dhPub = identity.dhPub, memberId = 'ben' } = {}) {
  const opened = openInvite(invite);
  const keys = { ...identity, inviteSecret: opened.secret, inviterDhPub: opened.dhPub };
  const { groupId, inviteId } = opened;
  return signJoinRequest(keys, { groupId, inviteId, nonce: randomBytes(16), memberId, dhPub, createdAt: START }).bytes;
}

function identityOf(invite: string): MeshIdentity {
  requestJoin(joiner, invite);
  return loadIdentity(joiner) as MeshIdentity;
}

const welcomeOf = (admission: Admission) => (admission.state === 'added' ? admission.welcome() : null);

describe('A request that cannot be accepted', () => {
  const lowOrder = new Uint8Array(32);
  const cases = {
    'with a name that is taken': ['already-member', () => ({ memberId: 'ada' })],
    'with a DH key that is taken': ['authentication-failed', () => ({ dhPub: roster(ada)[0]?.dhPub as Uint8Array })],
    'with a DH key of somebody else': ['authentication-failed', () => ({ dhPub: generateDhKeypair().publicKey })],
    'with a DH key of low order': ['invalid-request', () => ({ dhPub: lowOrder })],
    'with a name of control characters': ['invalid-request', () => ({ memberId: 'a\nb' })],
  } as const;

  describe.each(Object.entries(cases))('%s', (_, [code, changes]) => {
    test.each(['open', 'closed'])('is refused with an %s invite, undoes nothing, and costs no stream', (kind) => {
      const { invite, inviteId } = createInvite(ada);
      if (kind === 'open') openInviteToAll(ada, inviteId);
      const request = requestWith(invite, identityOf(invite), changes());
      const before = { rollbacks: ada.rollbacks, lineage: ada.lineage };
      for (const take of [admit, addMember]) {
        expect(refusal(ada, () => take(ada, request)).code).toBe(code);
      }
      expect({ rollbacks: ada.rollbacks, lineage: ada.lineage }).toStrictEqual(before);
      expect(pendingJoins(ada)).toEqual([]);
      expect(admit(ada, requestWith(invite, identityOf(invite))).state).toBe(kind === 'open' ? 'added' : 'pending');
    });
  });
});

describe('A joiner that asks again', () => {
  test('gets its welcome again as long as it is a member', () => {
    const { invite } = createInvite(ada);
    const { request, fingerprint } = requestJoin(joiner, invite, { memberId: 'ben' });
    expect(admit(ada, request).state).toBe('pending');
    approveJoin(ada, fingerprint);
    const welcome = welcomeOf(admit(ada, request)) as Uint8Array;
    expect(welcomeOf(admit(ada, request))).toStrictEqual(welcome);
    expect(acceptWelcome(joiner, welcome)).toMatchObject({ groupName: 'orchard', epoch: 1 });
  });

  test('gets none once it was kicked, also after it came back by another invite', () => {
    const { invite } = createInvite(ada);
    const first = requestJoin(joiner, invite, { memberId: 'ben' });
    acceptWelcome(joiner, addMember(ada, first.request).welcome);
    setEnabled(joiner, true);
    const { bundle } = kickMember(ada, 'ben');
    expect(refusal(ada, () => admit(ada, first.request)).code).toBe('invite-used');
    applyEvents(joiner, [bundle]);
    const second = requestJoin(joiner, createInvite(ada).invite);
    expect(admit(ada, second.request).state).toBe('pending');
    approveJoin(ada, second.fingerprint);
    expect(refusal(ada, () => admit(ada, first.request)).code).toBe('invite-used');
    expect(acceptWelcome(joiner, welcomeOf(admit(ada, second.request)) as Uint8Array).epoch).toBe(3);
  });
});
