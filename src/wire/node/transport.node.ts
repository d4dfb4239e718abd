/**
 * The transport of Node, Deno and Bun: one connection for all requests to a peer, over TLS 1.3, on which nothing is sent
 * before the peer's certificate was compared with the pin.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { concatBytes, equalBytes } from '../../bytes.js';
import { MeshError } from '../../errors.js';
import { requirePublicAddress } from '../client/private-address.js';
import type { Transport, TransportAnswer, TransportRequest, TransportTarget } from '../client/transport.js';
import { BadAnswerError, UnreachableError, WrongCertificateError } from '../errors.js';
import { CONNECT_TIMEOUT_MS } from '../limits.js';

/** Whether this transport checks certificates against pins. */
export const CHECKS_PINS = true;

const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '');
const portOf = ({ port, protocol }: URL) => (port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port));

/** Whether the peer showed a pinned certificate; without pins, one that the system trusts. */
function requirePinned(socket: TLSSocket, pins: readonly Uint8Array[]): void {
  if (pins.length === 0) {
    if (!socket.authorized)
      throw new WrongCertificateError('the certificate is not trusted, and there is no pin for it');
    return;
  }
  const { raw } = socket.getPeerCertificate();
  const hash = raw === undefined ? null : new Uint8Array(createHash('sha256').update(raw).digest());
  if (hash === null || !pins.some((pin) => equalBytes(hash, pin))) throw new WrongCertificateError();
}

function openTls({ url, certPins }: TransportTarget): TLSSocket {
  const host = hostOf(url);
  const isName = !/^[\d.]+$|:/.test(host);
  return connectTls({
    host,
    port: portOf(url),
    minVersion: 'TLSv1.3',
    // With a pin the certificate itself is compared, and neither its name nor its issuer matters.
    rejectUnauthorized: certPins.length === 0,
    ...(isName ? { servername: host } : {}),
  });
}

/**
 * A connection that may be written to: connected, and the certificate is the right one.
 *
 * @param signal gives it up
 */
function connect(target: TransportTarget, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  const { url, certPins, allowPrivate } = target;
  return new Promise((resolve, reject) => {
    const isTls = url.protocol === 'https:';
    const socket = isTls ? openTls(target) : connectTcp({ host: hostOf(url), port: portOf(url) });
    const giveUp = () => fail(new Error('given up'));
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    };
    const fail = (cause: unknown) => {
      settle();
      socket.destroy();
      const known = cause instanceof MeshError;
      reject(known ? cause : new UnreachableError(`${url.origin} cannot be reached`, { cause }));
    };
    // From the start on, whatever trickles in meanwhile.
    const timer = setTimeout(() => fail(new Error('timed out')), timeoutMs);
    signal.addEventListener('abort', giveUp);
    socket.on('error', fail);
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      try {
        // A name may lead anywhere, whatever it led to when it was looked at.
        if (!allowPrivate) requirePublicAddress(socket.remoteAddress ?? '');
        if (isTls) requirePinned(socket as TLSSocket, certPins);
      } catch (error) {
        fail(error);
        return;
      }
      settle();
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

/** Reads an answer to its end, and no more of it than is allowed. */
async function readAnswer(message: IncomingMessage, maxBytes: number): Promise<TransportAnswer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += (chunk as Uint8Array).length;
    if (length > maxBytes) {
      message.destroy();
      throw new BadAnswerError(`the answer is longer than ${maxBytes} bytes`);
    }
    chunks.push(chunk as Uint8Array);
  }
  if (!message.complete) throw new BadAnswerError('the answer broke off');
  return { status: message.statusCode ?? 0, body: concatBytes(...chunks) };
}

function exchange(target: TransportTarget, agent: Agent, request: TransportRequest): Promise<IncomingMessage> {
  const { url } = target;
  const { method, path, body, signal } = request;
  return new Promise((resolve, reject) => {
    const headers = body === null ? {} : { 'content-type': 'application/cbor', 'content-length': body.length };
    const sent = httpRequest({
      agent,
      host: hostOf(url),
      port: portOf(url),
      method,
      path: `${url.pathname.replace(/\/+$/, '')}${path}`,
      headers: { host: url.host, ...headers },
      signal,
    });
    sent.once('response', resolve);
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}

/**
 * A way to a peer.
 *
 * @param connectTimeoutMs how long connecting may take, with TLS
 */
export function openTransport(target: TransportTarget, connectTimeoutMs: number = CONNECT_TIMEOUT_MS): Transport {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  // What is being connected has no agent yet that would end it.
  let connecting = new AbortController();
  const giveUp = () => {
    connecting.abort();
    connecting = new AbortController();
  };
  agent.createConnection = (_options, done) => {
    connect(target, connectTimeoutMs, connecting.signal).then(
      (socket) => done?.(null, socket),
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined as never;
  };
  return {
    async send(request) {
      request.signal.addEventListener('abort', giveUp);
      try {
        return await readAnswer(await exchange(target, agent, request), request.maxBytes);
      } catch (cause) {
        if (cause instanceof MeshError) throw cause;
        throw new UnreachableError(`${target.url.origin} cannot be reached, or does not answer`, { cause });
      } finally {
        request.signal.removeEventListener('abort', giveUp);
      }
    },
    close() {
      giveUp();
      agent.destroy();
    },
  };
}
