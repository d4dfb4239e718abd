/**
 * Between Node's HTTP server and a handler of `Request` and `Response`.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { ANSWER_TIMEOUT_MS } from '../limits.js';
import type { MeshHandler } from '../server/handler.js';

function toRequest(message: IncomingMessage): Request {
  const { method = 'GET' } = message;
  const headers = new Headers();
  for (const name of ['content-length', 'content-type', 'origin'] as const) {
    const value = message.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  // The host that the caller names means nothing here, so that none is believed.
  const url = new URL(message.url?.startsWith('/') === true ? `http://peer${message.url}` : 'http://peer/');
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return new Request(url, { method, headers });
  const body = Readable.toWeb(message) as ReadableStream<Uint8Array>;
  // `duplex` is in the fetch standard, and missing in TypeScript's library.
  const init: RequestInit & { readonly duplex: 'half' } = { method, headers, body, duplex: 'half' };
  return new Request(url, init);
}

async function answer(
  handler: MeshHandler,
  message: IncomingMessage,
  response: ServerResponse,
  timeoutMs: number,
): Promise<void> {
  const { status, headers, ...answered } = await respond(handler, message);
  // Whoever has gone away needs no answer.
  if (response.destroyed) return;
  // What is left of a body that was refused is not read: the connection ends with the answer.
  if (!message.complete) response.setHeader('connection', 'close');
  const timer = setTimeout(() => response.destroy(), timeoutMs);
  for (const end of ['finish', 'close'] as const) response.once(end, () => clearTimeout(timer));
  response.writeHead(status, { ...headers, 'content-length': answered.body.length });
  response.end(answered.body, () => {
    if (!message.complete) message.destroy();
  });
}

async function respond(handler: MeshHandler, message: IncomingMessage) {
  const response = await handler(toRequest(message), { address: message.socket.remoteAddress });
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}

/**
 * A listener for `request` of Node's servers.
 *
 * @param timeoutMs how long an answer may take to be sent, after which its connection is closed
 */
export function nodeListener(
  handler: MeshHandler,
  timeoutMs: number = ANSWER_TIMEOUT_MS,
): (message: IncomingMessage, response: ServerResponse) => void {
  return (message, response) => {
    // Whoever goes away in the middle of it is no error of ours.
    message.on('error', () => undefined);
    response.on('error', () => undefined);
    answer(handler, message, response, timeoutMs).catch(() => response.destroy());
  };
}
