/** Peers under different runtimes over TLS on loopback. Only with `--mode long`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { node, PeerProcess, runtimes } from './peer-process.js';

interface Served {
  readonly url: string;
  readonly certPin: string;
}

const pairs = runtimes.flatMap((other) =>
  other === node ? [[node, node] as const] : [[node, other] as const, [other, node] as const],
);

describe('A client and a server', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'arborist-runtimes-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(pairs.map(([server, client]) => ({ server, client, name: `${client.name} → ${server.name}` })))(
    'join, follow and push over TLS: $name',
    async ({ server, client }) => {
      const ada = new PeerProcess(server);
      const ben = new PeerProcess(client);
      const name = `${server.name}-${client.name}`;
      await ada.call('open', join(folder, `${name}-ada.db`));
      await ben.call('open', join(folder, `${name}-ben.db`));
      await ada.call('found', 'ada');
      const { url, certPin } = await ada.call<Served>('serve', {});
      await ben.call('join', await ada.call<string>('invite'), 'ben');
      await ada.call('say', 700, 100);
      await ada.call('rotate');
      await ben.call('say', 3, 60_000);
      expect(await ben.call('sync', url, certPin)).toMatchObject({
        received: { events: 1, messages: 700 },
        delivered: 3,
        refused: [],
      });
      expect(await ben.call('sync', url, certPin)).toMatchObject({ exchanges: 1 });
      expect(await ada.call('status')).toEqual(await ben.call('status'));
      const wrong = certPin.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
      await expect(ben.call('sync', url, wrong)).rejects.toMatchObject({ code: 'wrong-certificate' });
      await expect(ben.call('sync', url, null)).rejects.toMatchObject({ code: 'unreachable' });
      await ben.end();
      await ada.end();
    },
  );
});
