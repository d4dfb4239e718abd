/**
 * Gossip: who may have said something, in which epoch, at which place of their stream; and what they said.
 *
 * @module
 */
import { utf8 } from '../../bytes.js';
import { base64urlDecode } from '../../codec/base64url.js';
import { openGossip, openGossipBatch } from '../../index.js';
import { gossipKey } from '../../mesh/gossip-message.js';
import type { Area } from '../area.js';
import { expectBytes, expectEqual, expectMeshError } from '../expect.js';
import { fromHex } from '../hex.js';
import { openReader, type Reader } from '../reader.js';
import { readVectors } from '../vectors.js';

interface GossipVectors {
  readonly source: string;
  readonly key: Readonly<Record<'group_id' | 'event_id' | 'mid' | 'epoch_secret' | 'key', string>>;
  readonly receiver: Reader;
  readonly history: readonly string[];
  readonly accepted: readonly { readonly about: string; readonly message: string; readonly payload: string }[];
  readonly refused: readonly { readonly about: string; readonly rule: string; readonly message: string }[];
}

const read = () => readVectors<GossipVectors>('protocol/gossip.json');

/** The codes of the rules that are not codes themselves. */
const CODES: Readonly<Record<string, string>> = {
  signature: 'authentication-failed',
  seal: 'authentication-failed',
  encoding: 'codec',
  shape: 'codec',
  type: 'codec',
};

/** See the module's header. */
export const GOSSIP: Area = {
  name: 'gossip',
  checks: [
    {
      name: "a sender's key of an epoch follows from the secret",
      run: ({ record }) => {
        const { group_id, event_id, mid, epoch_secret, key } = read().key;
        const derived = gossipKey(fromHex(epoch_secret), fromHex(group_id), fromHex(event_id), fromHex(mid));
        expectBytes('key', derived, key);
        record('key', derived);
      },
    },
    {
      name: 'messages of members are opened, and so are those within the cut of a kick',
      run: async ({ record }) => {
        const { receiver, history, accepted } = read();
        const db = await openReader(history, receiver);
        for (const { about, message, payload } of accepted) {
          const opened = openGossip(db, base64urlDecode(message));
          expectBytes(about, opened.payload, utf8(payload));
          record(about, opened.msgId);
          expectEqual(`${about}, again`, openGossip(db, base64urlDecode(message)).duplicate, true);
        }
        db.close();
      },
    },
    {
      name: 'a message that breaks a rule is refused by that rule, alone and in a batch',
      run: async ({ record }) => {
        const { receiver, history, accepted, refused } = read();
        const db = await openReader(history, receiver);
        for (const { message } of accepted) openGossip(db, base64urlDecode(message));
        for (const { about, rule, message } of refused) {
          expectMeshError(about, CODES[rule] ?? rule, () => openGossip(db, base64urlDecode(message)));
        }
        const results = openGossipBatch(
          db,
          refused.map(({ message }) => base64urlDecode(message)),
        );
        for (const [i, { about, rule }] of refused.entries()) {
          expectEqual(`${about}, in a batch`, results[i]?.error?.code, CODES[rule] ?? rule);
        }
        db.close();
        record('refused', refused.length);
      },
    },
  ],
};
