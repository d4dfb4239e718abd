/** The client against handlers in this process. */
import { describe, expect, test, vi } from 'vitest';
import { encodeCbor } from '../../src/codec/cbor.js';
import { parseFrame } from '../../src/codec/frame.js';
import {
  kickMember,
  type MeshDatabase,
  meshStatus,
  NotAMemberError,
  rotateEpoch,
  sealGossip,
} from '../../src/index.js';
import { loadSigningKey } from '../../src/mesh/identity.js';
import {
  addPeer,
  endpoints,
  namedPeers,
  publishEndpoint,
  removePeer,
  syncWith,
  type Transport,
  wireStats,
} from '../../src/wire/index.js';
import { signResponse } from '../../src/wire/protocol/response.js';
import { deliver, join, openGroup, openPeer } from '../mesh/support/peers.js';
import { handlerOf, network, zeros } from './support/handler-peers.js';

const URL_OF_ADA = 'https://ada.example:4433';
const peer = { url: URL_OF_ADA, certPin: zeros(32) };
const midOf = (db: MeshDatabase) => meshStatus(db).group?.mid as Uint8Array;
const messages = (db: MeshDatabase) => meshStatus(db).group?.messages;

async function group() {
  const { ada, ben } = await openGroup(['ada', 'ben']);
  return { ada, ben, transport: network({ [URL_OF_ADA]: handlerOf(ada) }) };
}

/** A transport whose answers to signed requests are another one's, changed. */
function meddling(
  transport: ReturnType<typeof network>,
  change: (answer: Uint8Array, request: Uint8Array) => Uint8Array,
) {
  return (target: Parameters<typeof transport>[0]): Transport => {
    const inner = transport(target);
    return {
      ...inner,
      async send(request) {
        const answer = await inner.send(request);
        return request.body === null ? answer : { ...answer, body: change(answer.body, request.body) };
      },
    };
  };
}

describe('syncWith', () => {
  test('tells what came and what went', async () => {
    const { ada, ben, transport } = await group();
    rotateEpoch(ada);
    for (let i = 0; i < 3; i++) sealGossip(ada, zeros(i));
    sealGossip(ben, zeros(9));
    const progress: number[] = [];
    const report = await syncWith(ben, peer, { transport, onProgress: ({ exchanges }) => progress.push(exchanges) });
    expect(report).toMatchObject({
      memberId: 'ada',
      mid: midOf(ada),
      received: { events: 1, messages: 3, faults: 0, endpoints: 0 },
      delivered: 1,
      refused: [],
      deliveriesRefused: 0,
    });
    expect(progress.at(-1)).toBe(report.exchanges);
    expect(wireStats(ben).syncs).toBe(1);
    expect(messages(ada)).toBe(4);
  });

  test('is one exchange of less than a kibibyte in all where nothing differs', async () => {
    const { ada, ben, transport } = await group();
    sealGossip(ada, zeros(1));
    await syncWith(ben, { ...peer, mid: midOf(ada) }, { transport });
    const idle = await syncWith(ben, { ...peer, mid: midOf(ada) }, { transport });
    expect(idle.exchanges).toBe(1);
    expect(idle.bytesSent + idle.bytesReceived).toBeLessThan(1_024);
  });

  test('is refused by, and refuses, whoever was kicked', async () => {
    const { ada, ben, transport } = await group();
    kickMember(ada, 'ben');
    await expect(syncWith(ben, peer, { transport })).rejects.toMatchObject({
      code: 'wire-refused',
      refusal: 'unknown-caller',
    });
    const bens = network({ [URL_OF_ADA]: handlerOf(ben) });
    await expect(syncWith(ada, peer, { transport: bens })).rejects.toThrow(NotAMemberError);
    expect(wireStats(ada).syncsFailed).toBe(1);
  });

  test('reaches a peer that was kicked and came back', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const handlers = { [URL_OF_ADA]: handlerOf(cleo) };
    const transport = network(handlers);
    const first = await syncWith(ben, peer, { transport });
    deliver(kickMember(ada, 'cleo').bundle, [ben]);
    const back = await openPeer();
    join(ada, back, 'cleo', { others: [ben] });
    handlers[URL_OF_ADA] = handlerOf(back);
    const again = await syncWith(ben, peer, { transport });
    expect(again.memberId).toBe('cleo');
    expect(again.mid).not.toEqual(first.mid);
  });

  test('says what is wrong with a peer', async () => {
    const { ben, transport } = await group();
    for (const wrong of [undefined, null, 'https://ada.example', {}, { ...peer, mid: zeros(31) }, { url: 7 }]) {
      await expect(syncWith(ben, wrong as never, { transport })).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });

  test('talks to nobody at this peer’s own URL', async () => {
    const { ada, transport } = await group();
    await expect(syncWith(ada, peer, { transport })).rejects.toMatchObject({ code: 'own-address' });
  });

  test('goes nowhere that it must not', async () => {
    const { ben, transport } = await group();
    for (const url of ['https://10.0.0.1', 'https://[::1]:4433', 'https://localhost', 'https://169.254.169.254']) {
      await expect(syncWith(ben, { url }, { transport, allowPrivate: false })).rejects.toMatchObject({
        code: 'private-address',
      });
    }
    await expect(syncWith(ben, { url: 'http://ada.example' }, { transport })).rejects.toMatchObject({
      code: 'plain-http',
    });
    for (const url of ['ftp://ada.example', 'https://user:word@ada.example', 'https://ada.example/?q', 'ada', '']) {
      await expect(syncWith(ben, { url }, { transport })).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });

  test('asks nothing more when its time is up, and keeps what has come', async () => {
    const { ada, ben, transport } = await group();
    rotateEpoch(ada);
    sealGossip(ada, zeros(1));
    let time = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => time);
    const late = meddling(transport, (answer) => {
      time += 300_001;
      return answer;
    });
    await expect(syncWith(ben, peer, { transport: late })).rejects.toThrow('does not come to an end in time');
    clock.mockRestore();
    expect(meshStatus(ben).group?.epoch).toBe(2);
    expect(messages(ben)).toBe(0);
    await expect(syncWith(ben, peer, { transport })).resolves.toMatchObject({ received: { messages: 1 } });
  });

  test('can be stopped', async () => {
    const { ben, transport } = await group();
    const reason = new Error('enough');
    await expect(syncWith(ben, peer, { transport, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('An answer', () => {
  test('to another request is refused', async () => {
    const { ada, ben, transport } = await group();
    let first: Uint8Array | undefined;
    const replaying = meddling(transport, (answer) => {
      first ??= answer;
      return first;
    });
    await syncWith(ben, { ...peer, mid: midOf(ada) }, { transport: replaying });
    await expect(syncWith(ben, { ...peer, mid: midOf(ada) }, { transport: replaying })).rejects.toThrow(
      'the answer is one to another request',
    );
  });

  test('by another member is refused', async () => {
    const { ada, ben, transport } = await group();
    const cleo = await openPeer();
    join(ada, cleo, 'cleo', { others: [ben] });
    const impersonating = meddling(transport, (_, request) => {
      const { id } = parseFrame(request, { maxBytes: 1 << 20 });
      return signResponse({ mid: midOf(ada), signPriv: loadSigningKey(cleo) }, id, 0, [null, null, null, null]);
    });
    await expect(syncWith(ben, { ...peer, mid: midOf(ada) }, { transport: impersonating })).rejects.toThrow(
      'not signed by the peer that was asked',
    );
  });

  test('of any other form is refused, and changes nothing', async () => {
    const { ada, ben, transport } = await group();
    const answers = [
      [],
      [null, null],
      [[zeros(31)], null, null, null],
      [null, zeros(4_095), null, null],
      7,
      ['summary'],
    ];
    for (const result of answers) {
      const odd = meddling(transport, (_, request) => {
        const { id } = parseFrame(request, { maxBytes: 1 << 20 });
        return signResponse({ mid: midOf(ada), signPriv: loadSigningKey(ada) }, id, 0, result);
      });
      await expect(syncWith(ben, { ...peer, mid: midOf(ada) }, { transport: odd })).rejects.toMatchObject({
        code: 'bad-answer',
      });
    }
    const garbled = meddling(transport, () => encodeCbor('what?'));
    await expect(syncWith(ben, { ...peer, mid: midOf(ada) }, { transport: garbled })).rejects.toMatchObject({
      code: 'bad-answer',
    });
  });
});

describe('An endpoint record', () => {
  test('tells every member where another one is', async () => {
    const { ada, ben, transport } = await group();
    expect(publishEndpoint(ada, peer)).toBe(true);
    expect(publishEndpoint(ada, peer)).toBe(false);
    await syncWith(ben, peer, { transport });
    expect(endpoints(ben)).toMatchObject([{ memberId: 'ada', url: URL_OF_ADA, certPin: zeros(32) }]);
    expect(publishEndpoint(ada, { ...peer, url: 'https://ada.example/new' })).toBe(true);
    await syncWith(ben, peer, { transport });
    expect(endpoints(ben)).toMatchObject([{ url: 'https://ada.example/new' }]);
  });

  test('reaches whoever joins later, who cannot read the gossip of before', async () => {
    const { ada, transport } = await group();
    publishEndpoint(ada, peer);
    const cleo = await openPeer();
    join(ada, cleo, 'cleo');
    const { received } = await syncWith(cleo, peer, { transport });
    expect(received.endpoints).toBe(1);
    expect(endpoints(cleo)).toMatchObject([{ memberId: 'ada' }]);
    expect((await syncWith(cleo, { ...peer, mid: midOf(ada) }, { transport })).exchanges).toBe(1);
  });

  test('of a kicked member is not told any more', async () => {
    const { ada, ben, transport } = await group();
    publishEndpoint(ben, { url: 'https://ben.example' });
    await syncWith(ben, peer, { transport });
    expect(endpoints(ada)).toHaveLength(1);
    kickMember(ada, 'ben');
    expect(endpoints(ada)).toEqual([]);
  });
});

describe('A peer that the user names', () => {
  test('is kept under the one form of its URL', async () => {
    const { ben } = await group();
    addPeer(ben, { url: 'HTTPS://Ada.Example:443/', certPin: zeros(32) });
    addPeer(ben, { url: 'https://ada.example' });
    expect(namedPeers(ben)).toEqual([{ url: 'https://ada.example', certPin: null }]);
    expect(removePeer(ben, 'https://ada.example/')).toBe(true);
    expect(removePeer(ben, 'https://ada.example/')).toBe(false);
  });
});
