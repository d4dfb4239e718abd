/** When the digest of the endpoint records changes, which is kept in between. */
import { expect, test } from 'vitest';
import { base64urlEncode } from '../../src/codec/base64url.js';
import { kickMember, type MeshDatabase } from '../../src/index.js';
import { announceEndpoint, takeEndpoint } from '../../src/mesh/endpoint.js';
import { endpointsDigest } from '../../src/mesh/endpoint-digest.js';
import { join, openFounder, openPeer, START } from './support/peers.js';

const DAY = 86_400;
const clock = { seconds: START };
const digestOf = (db: MeshDatabase) => base64urlEncode(endpointsDigest(db));
const announce = (db: MeshDatabase, url: string, days = 30) =>
  announceEndpoint(db, { url, certPin: null, expiresIn: days * DAY }).frame;

async function group() {
  clock.seconds = START;
  const ada = await openFounder('ada', clock);
  const ben = await openPeer(clock);
  join(ada, ben, 'ben');
  return { ada, ben };
}

test('The digest is that of the records that came last, whatever the way', async () => {
  const { ada, ben } = await group();
  const none = digestOf(ada);
  expect(digestOf(ben)).toBe(none);
  const seen = [none];
  for (const url of ['https://ben.example', 'https://ben.example/new']) {
    const frame = announce(ben, url);
    expect(seen).not.toContain(digestOf(ben));
    expect(digestOf(ada)).toBe(seen.at(-1));
    takeEndpoint(ada, frame);
    expect(digestOf(ada)).toBe(digestOf(ben));
    seen.push(digestOf(ada));
  }
});

test('A record counts until it expires, or its member is kicked', async () => {
  const { ada, ben } = await group();
  const none = digestOf(ada);
  announce(ada, 'https://ada.example', 10);
  const own = digestOf(ada);
  takeEndpoint(ada, announce(ben, 'https://ben.example'));
  const both = digestOf(ada);
  clock.seconds += 10 * DAY;
  expect([none, own, both]).not.toContain(digestOf(ada));
  clock.seconds = START;
  expect(digestOf(ada)).toBe(both);
  kickMember(ada, 'ben');
  expect(digestOf(ada)).toBe(own);
  clock.seconds += 10 * DAY;
  expect(digestOf(ada)).toBe(none);
});

test('What was undone leaves no trace in the digest', async () => {
  const { ada, ben } = await group();
  const one = announce(ben, 'https://ben.example');
  const other = announce(ben, 'https://ben.example/new');
  const none = digestOf(ada);
  const undo = new Error('undo');
  const during = { digest: '' };
  expect(() =>
    ada.transaction(() => {
      takeEndpoint(ada, one);
      during.digest = digestOf(ada);
      throw undo;
    }),
  ).toThrow(undo);
  expect(digestOf(ada)).toBe(none);
  takeEndpoint(ada, other);
  expect([none, during.digest]).not.toContain(digestOf(ada));
  expect(digestOf(ada)).toBe(digestOf(ben));
});
