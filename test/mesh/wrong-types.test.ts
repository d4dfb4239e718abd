/** What a program hands over by mistake is refused by a typed error, and changes nothing. */
import { describe, expect, test } from 'vitest';
import type { MeshDatabase } from '../../src/index.js';
import { CodecError, InvalidInputError } from '../../src/index.js';
import { admit, approveJoin, declineJoin, openInviteToAll } from '../../src/mesh/admission.js';
import { addPeer, namedPeers, removePeer } from '../../src/mesh/named-peers.js';
import { startJoin } from '../../src/mesh/outgoing-join.js';
import { openFounder } from './support/peers.js';
import { refusal } from './support/unchanged.js';

const WRONG = [undefined, null, 7, true, Symbol('text'), [], {}, new Uint8Array(3)] as never[];
const id = new Uint8Array(16);

const CALLS: Record<string, (db: MeshDatabase, wrong: never) => unknown> = {
  addPeer,
  'addPeer, its url': (db, url) => addPeer(db, { url }),
  removePeer,
  admit,
  approveJoin,
  declineJoin,
  openInviteToAll,
  'openInviteToAll, the role': (db, role) => openInviteToAll(db, id, role ?? ('owner' as never)),
  startJoin,
};

describe.each(Object.entries(CALLS))('%s', (_, call) => {
  test('takes nothing of another type', async () => {
    const ada = await openFounder();
    for (const wrong of WRONG) {
      const error = refusal(ada, () => call(ada, wrong));
      expect(error instanceof InvalidInputError || error instanceof CodecError, String(error)).toBe(true);
    }
  });
});

test('a peer is named by its URL, with or without a pin', async () => {
  const ada = await openFounder();
  const [url, certPin] = ['https://oak.example', new Uint8Array(32)];
  expect(addPeer(ada, { url })).toEqual({ url, certPin: null });
  expect(addPeer(ada, { url, certPin })).toEqual({ url, certPin });
  expect(refusal(ada, () => addPeer(ada, { url, certPin: id }))).toBeInstanceOf(InvalidInputError);
  expect(namedPeers(ada)).toEqual([{ url, certPin }]);
});
