/** Node's transport while it connects: to servers that take a connection and do not go on. */
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openTransport } from '../../src/wire/node/transport.node.js';

/** Longer than any test: what ends a connection within it is something else. */
const AN_HOUR = 3_600_000;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server of TCP, where a client that wants TLS waits. */
async function listening(onConnection: (socket: Socket) => void = () => undefined) {
  let began = (_: unknown) => {};
  let ended = (_: unknown) => {};
  const connected = new Promise((resolve) => (began = resolve));
  const disconnected = new Promise((resolve) => (ended = resolve));
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('close', ended);
    socket.resume();
    began(null);
    onConnection(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const target = { url: new URL(`https://127.0.0.1:${port}`), certPins: [new Uint8Array(32)], allowPrivate: true };
  return { target, connected, disconnected };
}

const hello = (signal: AbortSignal) =>
  ({ method: 'GET', path: '/mesh/v1/hello', body: null, maxBytes: 1_000, signal }) as const;

describe('Connecting', () => {
  test('ends at its time also where something trickles in', async () => {
    const { target, disconnected } = await listening((socket) => {
      // The head of a TLS record of 16 KiB, and then its bytes one by one.
      socket.write(new Uint8Array([22, 3, 3, 64, 0]));
      const trickle = setInterval(() => socket.write(new Uint8Array(1)), 20);
      socket.on('close', () => clearInterval(trickle));
    });
    const transport = openTransport(target, 200);
    const sending = transport.send(hello(new AbortController().signal));
    await expect(sending).rejects.toMatchObject({ code: 'unreachable', cause: { message: 'timed out' } });
    await disconnected;
    transport.close();
  });

  test('is given up with the request', async () => {
    const { target, connected, disconnected } = await listening();
    const transport = openTransport(target, AN_HOUR);
    const controller = new AbortController();
    const sending = transport.send(hello(controller.signal));
    await connected;
    controller.abort();
    await expect(sending).rejects.toMatchObject({ code: 'unreachable' });
    await disconnected;
    transport.close();
  });

  test('is given up with the transport', async () => {
    const { target, connected, disconnected } = await listening();
    const transport = openTransport(target, AN_HOUR);
    const sending = transport.send(hello(new AbortController().signal));
    await connected;
    transport.close();
    await expect(sending).rejects.toMatchObject({ code: 'unreachable' });
    await disconnected;
  });
});
