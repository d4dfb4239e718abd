/**
 * A relay between a client and a server that counts what passes, and can break a connection.
 *
 * @module
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * @typedef {object} Relay
 * @property {number} port where it listens, on 127.0.0.1
 * @property {() => { up: number, down: number }} bytes that passed so far: from clients, and to them
 * @property {(bytes: number) => void} breakAfter breaks all connections once when so many bytes more have come down
 * @property {() => Promise<void>} close
 */

/**
 * @param {number} to the server's port on 127.0.0.1
 * @returns {Promise<Relay>}
 */
export async function openRelay(to) {
  let up = 0;
  let down = 0;
  let limit = Number.POSITIVE_INFINITY;
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    const peer = connect(to, '127.0.0.1');
    for (const [socket, other] of [
      [client, peer],
      [peer, client],
    ]) {
      if (socket === undefined || other === undefined) continue;
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (chunk) => {
      up += chunk.length;
    });
    peer.on('data', (chunk) => {
      down += chunk.length;
      if (down < limit) return;
      limit = Number.POSITIVE_INFINITY;
      breakAll();
    });
    client.pipe(peer);
    peer.pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  return {
    port: address.port,
    bytes: () => ({ up, down }),
    breakAfter: (bytes) => {
      limit = down + bytes;
    },
    close: async () => {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
