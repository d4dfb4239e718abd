/** Gossip that goes on by itself, between handlers in this process. */
import { afterEach, describe, expect, test } from 'vitest';
import { type MeshDatabase, meshStatus, rotateEpoch, sealGossip } from '../../src/index.js';
import {
  addPeer,
  type GossipEvent,
  type GossipOptions,
  publishEndpoint,
  type RunningGossip,
  startGossip,
  syncWith,
  type TransportRequest,
} from '../../src/wire/index.js';
import { openGroup } from '../mesh/support/peers.js';
import { handlerOf, network, zeros } from './support/handler-peers.js';

const urlOf = (name: string) => `https://${name}.example`;
const running: RunningGossip[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((gossip) => gossip.stop()));
});

function start(db: MeshDatabase, options: GossipOptions): RunningGossip {
  const gossip = startGossip(db, { interval: 20, ...options });
  running.push(gossip);
  return gossip;
}

async function first<K extends GossipEvent['kind']>(gossip: RunningGossip, kind: K) {
  for await (const event of gossip) if (event.kind === kind) return event as Extract<GossipEvent, { kind: K }>;
  throw new Error(`gossip ended before ${kind}`);
}

describe('startGossip', () => {
  test('pulls what a peer has', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const transport = network({ [urlOf('ada')]: handlerOf(ada) });
    sealGossip(ada, zeros(1));
    rotateEpoch(ada);
    const { report } = await first(start(ben, { peers: [{ url: urlOf('ada') }], transport }), 'synced');
    expect(report.received).toMatchObject({ events: 1, messages: 1 });
  });

  test('pushes a fresh message to peers, who take it once', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const transport = network({ [urlOf('ada')]: handlerOf(ada) });
    addPeer(ben, { url: urlOf('ada') });
    const gossip = start(ben, { transport, interval: 3_600_000 });
    sealGossip(ben, zeros(1));
    expect(await first(gossip, 'pushed')).toMatchObject({ peer: urlOf('ada'), offered: 1, taken: 1 });
    expect(meshStatus(ada).group?.messages).toBe(1);
  });

  test('pushes to a peer while another one does not answer', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const answering = network({ [urlOf('ada')]: handlerOf(ada) });
    const transport = (target: Parameters<typeof answering>[0]) => {
      if (target.url.origin !== urlOf('eve')) return answering(target);
      const send = ({ signal }: TransportRequest) =>
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      return { send, close: () => undefined };
    };
    for (const name of ['ada', 'eve']) addPeer(ben, { url: urlOf(name) });
    const gossip = start(ben, { transport, interval: 3_600_000 });
    for (let i = 0; i < 2; i++) {
      sealGossip(ben, zeros(i));
      // A synchronization may have brought the message before the offer comes.
      expect(await first(gossip, 'pushed')).toMatchObject({ peer: urlOf('ada'), offered: 1 });
    }
    expect(meshStatus(ada).group?.messages).toBe(2);
  });

  test('finds peers by their endpoint records', async () => {
    const { ada, ben, cleo } = await openGroup(['ada', 'ben', 'cleo']);
    const handlers = { [urlOf('ada')]: handlerOf(ada), [urlOf('cleo')]: handlerOf(cleo) };
    const transport = network(handlers);
    publishEndpoint(cleo, { url: urlOf('cleo') });
    await syncWith(cleo, { url: urlOf('ada') }, { transport });
    await syncWith(ben, { url: urlOf('ada') }, { transport });
    sealGossip(cleo, zeros(1));
    const { report } = await first(start(ben, { transport }), 'synced');
    expect(report.memberId).toBe('cleo');
  });

  test('goes to no private address that a record names, but where the user allows it', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const url = 'https://10.1.2.3';
    const transport = network({ [url]: handlerOf(ada), [urlOf('ada')]: handlerOf(ada) });
    publishEndpoint(ada, { url });
    await syncWith(ben, { url: urlOf('ada') }, { transport });
    expect(await first(start(ben, { transport }), 'failed')).toMatchObject({ error: { code: 'private-address' } });
    await first(start(ben, { transport, allowPrivate: true }), 'synced');
  });

  test('leaves a peer alone that failed, longer each time', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    let time = 0;
    const calls: number[] = [];
    const gone = network({ [urlOf('ada')]: handlerOf(ada) });
    const transport = (target: Parameters<typeof gone>[0]) => {
      calls.push(time);
      return { ...gone(target), send: () => gone({ ...target, url: new URL('https://x') }).send({} as never) };
    };
    const unreachable = (target: Parameters<typeof gone>[0]) => {
      const inner = transport(target);
      return {
        ...inner,
        send: async () => ({ status: 503, body: zeros(0) }),
      };
    };
    const gossip = start(ben, {
      peers: [{ url: urlOf('ada') }],
      transport: unreachable,
      interval: 1,
      clock: () => time,
    });
    for (const wait of [0, 7_000, 14_000]) {
      time += wait;
      await first(gossip, 'failed');
    }
    expect(calls).toEqual([0, 7_000, 21_000]);
  });

  test('tells of another head and of messages, whatever way they came', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const transport = network({ [urlOf('ada')]: handlerOf(ada) });
    const gossip = start(ben, { peers: [{ url: urlOf('ada') }], transport });
    rotateEpoch(ada);
    expect(await first(gossip, 'head')).toMatchObject({ epoch: 2, eventId: meshStatus(ada).group?.head });
    sealGossip(ada, zeros(1));
    expect(await first(gossip, 'messages')).toMatchObject({ count: 1 });
  });

  test('ends with its signal, and its events with it', async () => {
    const { ben } = await openGroup(['ada', 'ben']);
    const controller = new AbortController();
    const gossip = start(ben, { signal: controller.signal });
    controller.abort();
    await gossip.done;
    for await (const event of gossip) expect(event).toBeUndefined();
  });
});
