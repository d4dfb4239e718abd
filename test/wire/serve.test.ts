/** A server on a real socket, with real TLS, on loopback. */
import { getEventListeners } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, Server } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { MeshDatabase } from '../../src/index.js';
import { MeshError, meshStatus, openDatabase, sealGossip } from '../../src/index.js';
import { noteServingAt } from '../../src/wire/control/serving-at.js';
import {
  controlServer,
  type RunningServer,
  type ServeOptions,
  serveMesh,
  syncWith,
  wireStats,
} from '../../src/wire/index.js';
import { ownCertificate } from '../../src/wire/node/certificate.js';
import { nodeListener } from '../../src/wire/node/node-adapter.js';
import { openFounder, openGroup } from '../mesh/support/peers.js';

const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function serve(db: MeshDatabase, options: ServeOptions = {}): Promise<RunningServer> {
  const server = await serveMesh(db, options);
  running.push(server);
  return server;
}

/** A port that nobody listens on at present. */
async function freePort(): Promise<number> {
  const { port, close } = await serveMesh(await openFounder(), { tls: false });
  await close();
  return port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

describe('serveMesh', () => {
  test('serves over TLS with a certificate of its own, which a client pins', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { url, certPin } = await serve(ada);
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    sealGossip(ada, new Uint8Array(3));
    const report = await syncWith(ben, { url, certPin });
    expect(report.received.messages).toBe(1);
  });

  test('keeps its certificate in the database', async () => {
    const ada = await openFounder();
    const first = await ownCertificate(ada);
    const again = await openDatabase({ bytes: ada.export(), now: () => 1_800_000_000 });
    expect(await ownCertificate(again)).toEqual(first);
    expect(ada.sql.get('SELECT length(private_key) AS length FROM mesh_certificate')).toEqual({ length: 32 });
  });

  test('refuses plain HTTP on addresses that are not loopback, unless it is asked for by name', async () => {
    const ada = await openFounder();
    await expect(serveMesh(ada, { host: '0.0.0.0', tls: false })).rejects.toMatchObject({ code: 'invalid-input' });
    expect((await serve(ada, { host: '0.0.0.0', tls: false, allowPlainHttp: true })).url).toMatch(/^http:/);
    expect((await serve(ada, { tls: false })).certPin).toBeNull();
  });

  test('says what is wrong with a certificate, and with an address', async () => {
    const ada = await openFounder();
    await expect(serveMesh(ada, { tls: { cert: 'what?', key: 'what?' } })).rejects.toMatchObject({
      code: 'invalid-input',
    });
    const { port } = await serve(ada);
    await expect(serveMesh(ada, { port })).rejects.toMatchObject({ code: 'cannot-listen' });
  });

  test('does not take a certificate with another one’s key', async () => {
    const [{ cert }, { key }] = [await ownCertificate(await openFounder()), await ownCertificate(await openFounder())];
    await expect(serveMesh(await openFounder(), { tls: { cert, key } })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  test('serves nothing after it could not begin', async () => {
    const ada = await openFounder();
    const { port: taken } = await serve(ada, { tls: false });
    const port = await freePort();
    const begin = (options: ServeOptions) => serveMesh(ada, { tls: false, port, ...options });
    await expect(begin({ advertise: 'what?' })).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(isListening(port)).resolves.toBe(false);
    await expect(begin({ metrics: { port: taken } })).rejects.toMatchObject({ code: 'cannot-listen' });
    await expect(isListening(port)).resolves.toBe(false);
    const readonly = await openDatabase({ bytes: ada.export(), readonly: true });
    await expect(serveMesh(readonly, { tls: false, port })).rejects.toThrow(MeshError);
    await expect(isListening(port)).resolves.toBe(false);
  });

  test('refuses a URL to advertise also where it cannot be told yet', async () => {
    await expect(serveMesh(await openDatabase(), { tls: false, advertise: 'what?' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  test('leaves nothing on its signal once it is closed', async () => {
    const { signal } = new AbortController();
    const { close } = await serve(await openFounder(), { tls: false, signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await close();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('goes on after errors of its listener', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const made = vi.spyOn(Server.prototype, 'listen');
    const { url } = await serve(ada, { tls: false });
    const [server] = made.mock.contexts as Server[];
    made.mockRestore();
    for (let i = 0; i < 2; i++) server?.emit('error', new Error('too many open files'));
    await expect(syncWith(ben, { url })).resolves.toMatchObject({ memberId: 'ada' });
  });

  test('is asked by this machine’s programs also over plain HTTP on an address that is not loopback', async () => {
    const ada = await openFounder();
    const { port } = await serve(ada, { tls: false });
    noteServingAt(ada, { url: `http://0.0.0.0:${port}`, certPin: null });
    const { message } = await controlServer(ada, 'seal', { payload: new Uint8Array(3) });
    expect(message.length).toBeGreaterThan(3);
  });

  test('ends with its signal', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const controller = new AbortController();
    const { url, certPin, close } = await serve(ada, { signal: controller.signal });
    controller.abort();
    await close();
    await expect(syncWith(ben, { url, certPin })).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('tells its counters to Prometheus, on a port of their own', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { url, certPin, metricsUrl } = await serve(ada, { metrics: { port: 0 } });
    await syncWith(ben, { url, certPin });
    const text = await (await fetch(metricsUrl as string)).text();
    expect(text).toContain('arborist_mesh_requests_served_total{path="sync"} 1\n');
    expect(text).toContain('# TYPE arborist_mesh_members gauge\narborist_mesh_members 2\n');
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z_]+(\{[a-z]+="[\w-]+"\})? \d+)$/);
  });

  test('answers for its counters also when the database is closed', async () => {
    const ada = await openFounder();
    const { metricsUrl } = await serve(ada, { tls: false, metrics: { port: 0 } });
    ada.close();
    for (let i = 0; i < 2; i++) expect((await fetch(metricsUrl as string)).status).toBe(500);
  });
});

describe('A client', () => {
  test('sends no byte to a wrong certificate', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { cert, key } = await ownCertificate(ada);
    let bytes = 0;
    let requests = 0;
    const impostor = createTlsServer({ cert, key, minVersion: 'TLSv1.3' }, () => requests++);
    impostor.on('secureConnection', (socket) => socket.on('data', (chunk: Uint8Array) => (bytes += chunk.length)));
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
    const { port } = impostor.address() as { port: number };
    const url = `https://127.0.0.1:${port}`;
    await expect(syncWith(ben, { url, certPin: new Uint8Array(32) })).rejects.toMatchObject({
      code: 'wrong-certificate',
    });
    // Without a pin the system's trust decides, which knows nothing of a self-signed certificate.
    await expect(syncWith(ben, { url })).rejects.toMatchObject({ code: 'unreachable' });
    expect([bytes, requests]).toEqual([0, 0]);
    await new Promise((resolve) => impostor.close(resolve));
  });

  test('does not follow a redirect', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const target = await serve(ada, { tls: false });
    const redirecting = createServer((_, response) =>
      response.writeHead(307, { location: `${target.url}/mesh/v1/hello` }).end(),
    );
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    const { port } = redirecting.address() as { port: number };
    await expect(syncWith(ben, { url: `http://127.0.0.1:${port}` })).rejects.toMatchObject({ code: 'wire-refused' });
    expect(wireStats(ada).served.hello).toBe(0);
    await new Promise((resolve) => redirecting.close(resolve));
  });

  test('reads no more of an answer than it can use', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    let sent = 0;
    const endless = createServer((_, response) => {
      const more = () => {
        sent += 65_536;
        if (!response.destroyed && sent < 64_000_000 && response.write(new Uint8Array(65_536))) setImmediate(more);
      };
      response.on('drain', more);
      more();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const { port } = endless.address() as { port: number };
    const url = `http://127.0.0.1:${port}`;
    await expect(syncWith(ben, { url })).rejects.toMatchObject({ code: 'bad-answer' });
    const mid = meshStatus(ada).group?.mid as Uint8Array;
    await expect(syncWith(ben, { url, mid })).rejects.toMatchObject({ code: 'bad-answer' });
    expect(sent).toBeLessThan(32_000_000);
    endless.closeAllConnections();
    await new Promise((resolve) => endless.close(resolve));
  });
});

describe('A server', () => {
  test('refuses a body that is too long while it comes, and ends the connection', async () => {
    const ada = await openFounder();
    const { port } = await serve(ada, { tls: false });
    const outcome = await new Promise<{ status: number | undefined; connection: string | undefined }>(
      (resolve, reject) => {
        const sending = httpRequest({ host: '127.0.0.1', port, method: 'POST', path: '/mesh/v1/join' }, (response) => {
          resolve({ status: response.statusCode, connection: response.headers.connection });
          response.resume();
        });
        sending.on('error', reject);
        sending.write(new Uint8Array(20_000));
      },
    );
    expect(outcome).toEqual({ status: 413, connection: 'close' });
  });

  test('gives up on a body that trickles', async () => {
    const ada = await openFounder();
    const { port } = await serve(ada, { tls: false, bodyTimeoutMs: 200 });
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () =>
        socket.write('POST /mesh/v1/sync HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nslow'),
      );
      const trickle = setInterval(() => socket.write('.'), 50);
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(trickle);
        resolve(text);
      });
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('closes the connection of a caller that does not read its answer', async () => {
    const big = new Uint8Array(32_000_000);
    const server = createServer(nodeListener(async () => new Response(big), 300));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const ended = new Promise((resolve) => server.on('connection', (socket) => socket.on('close', resolve)));
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /mesh/v1/hello HTTP/1.1\r\nhost: x\r\n\r\n'));
    socket.on('error', () => undefined);
    socket.pause();
    await ended;
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  test('has no more connections of one address than allowed', async () => {
    const { ada, ben } = await openGroup(['ada', 'ben']);
    const { port, url } = await serve(ada, { tls: false });
    const sockets = await Promise.all(
      Array.from(
        { length: 70 },
        () =>
          new Promise<{ open: boolean; end: () => void }>((resolve) => {
            const socket = connect(port, '127.0.0.1');
            const state = { open: true, end: () => socket.destroy() };
            socket.on('error', () => undefined);
            socket.on('close', () => {
              state.open = false;
            });
            socket.on('connect', () => setTimeout(() => resolve(state), 300));
          }),
      ),
    );
    expect(sockets.filter(({ open }) => open)).toHaveLength(64);
    for (const { end } of sockets) end();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(syncWith(ben, { url })).resolves.toMatchObject({ memberId: 'ada' });
  });
});
