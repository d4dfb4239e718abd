/**
 * `serveMesh`: a mesh database on the network, with Node's own HTTP and TLS.
 *
 * @module
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type AddressInfo, BlockList, isIP, type Socket } from 'node:net';
import { requireOptions } from '../../bytes.js';
import { InvalidInputError, MeshError } from '../../errors.js';
import { requirePeerUrl } from '../../mesh/endpoint.js';
import type { MeshDatabase } from '../../store/database.js';
import { noteServingAt } from '../control/serving-at.js';
import { networkOf } from '../ip-address.js';
import {
  HEADERS_TIMEOUT_MS,
  IDLE_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_OF_ADDRESS,
  REQUEST_TIMEOUT_MS,
} from '../limits.js';
import { publishEndpoint } from '../publish-endpoint.js';
import { createMeshHandler } from '../server/handler.js';
import { METRICS_TYPE, metricsText } from '../server/metrics.js';
import type { RunningServer, ServeOptions } from '../server/serve-options.js';
import { ownCertificate, pinOfPem, type ServerCertificate } from './certificate.js';
import { nodeListener } from './node-adapter.js';

/** How long requests under way may still take when the server ends, in milliseconds. */
const SHUTDOWN_MS = 5_000;
/** How often it is looked at whether the endpoint record must be renewed, in milliseconds. */
const RENEWAL_MS = 3_600_000;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

const LIMITS = {
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: IDLE_TIMEOUT_MS,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
} as const;

async function certificateFor(db: MeshDatabase, tls: ServeOptions['tls']): Promise<ServerCertificate | null> {
  if (tls === false) return null;
  if (tls === undefined) return ownCertificate(db);
  const text = (part: string | Uint8Array) => (typeof part === 'string' ? part : new TextDecoder().decode(part));
  try {
    return { cert: text(tls.cert), key: text(tls.key), certPin: pinOfPem(tls.cert) };
  } catch (cause) {
    throw new InvalidInputError('tls must have a certificate and its key as PEM', { cause });
  }
}

/** @throws InvalidInputError if the key is not the certificate's */
function createServerWith(certificate: ServerCertificate | null, listener: RequestListener): Server | TlsServer {
  if (certificate === null) return createServer(LIMITS, listener);
  const { cert, key } = certificate;
  try {
    return createTlsServer(
      { ...LIMITS, cert, key, minVersion: 'TLSv1.3', handshakeTimeout: HEADERS_TIMEOUT_MS },
      listener,
    );
  } catch (cause) {
    throw new InvalidInputError('tls must have a certificate and the key that belongs to it, as PEM', { cause });
  }
}

/** Refuses connections beyond so many of one address, before any handshake. */
function capConnections(server: Server | TlsServer): void {
  const counts = new Map<string, number>();
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connection', (socket: Socket) => {
    const address = networkOf(socket.remoteAddress ?? '');
    const count = (counts.get(address) ?? 0) + 1;
    counts.set(address, count);
    socket.once('close', () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    });
    if (count > MAX_CONNECTIONS_OF_ADDRESS) socket.destroy();
  });
}

function listen(server: Server | TlsServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // It stays: a connection that cannot be taken later on, as without file descriptors, ends neither server nor program.
    server.on('error', (cause) =>
      reject(new MeshError('cannot-listen', `cannot listen on ${host}, port ${port}: ${cause.message}`, { cause })),
    );
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function end(server: Server | TlsServer): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), SHUTDOWN_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

const urlOf = (scheme: string, host: string, port: number) =>
  `${scheme}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;

/** How this machine reaches a server that listens on all of its addresses. */
const reachableHost = (host: string) => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host);

/** A database that cannot be written to any more ends the server no less. */
function forgetServingAt(db: MeshDatabase): void {
  try {
    noteServingAt(db, null);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
  }
}

/**
 * Tells the group where this server is, now and again; what fails is tried again later.
 *
 * @throws InvalidInputError if the URL is not one of a peer
 */
function advertise(db: MeshDatabase, url: string, certPin: Uint8Array | null): () => void {
  requirePeerUrl(url);
  const say = () => {
    try {
      publishEndpoint(db, { url, certPin });
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
    }
  };
  say();
  const timer = setInterval(say, RENEWAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The metrics, or that they cannot be had: a database that was closed or has failed must not end the program. */
function metricsOf(db: MeshDatabase): { readonly status: number; readonly text: string } {
  try {
    return { status: 200, text: metricsText(db) };
  } catch {
    return { status: 500, text: '' };
  }
}

async function serveMetrics(db: MeshDatabase, { host = '127.0.0.1', port }: NonNullable<ServeOptions['metrics']>) {
  const server = createServer(LIMITS, (message, response) => {
    const isFound = message.method === 'GET' && message.url === '/metrics';
    const { status, text } = isFound ? metricsOf(db) : { status: 404, text: '' };
    response.writeHead(status, { 'content-type': METRICS_TYPE });
    response.end(text);
  });
  capConnections(server);
  const url = `${urlOf('http', host, await listen(server, host, port))}/metrics`;
  return { url, end: () => end(server) };
}

/**
 * Serves a database over HTTPS, with TLS 1.3 only.
 *
 * @param db stays open until the server has ended
 * @throws InvalidInputError if plain HTTP is asked for on an address that is not loopback, or `tls` or `advertise` is not as it
 *   must be; then, and with any other error, nothing is served
 * @throws MeshError `cannot-listen`, `secrets-locked`; `no-server` where the runtime cannot listen
 */
export async function serveMesh(db: MeshDatabase, options: ServeOptions = {}): Promise<RunningServer> {
  const { host = '127.0.0.1', port = 0, tls, allowPlainHttp = false, signal } = requireOptions(options);
  if (tls === false && !allowPlainHttp && !isLoopback(host)) {
    throw new InvalidInputError(
      'tls must not be false on other addresses than loopback, unless allowPlainHttp is true',
    );
  }
  const certificate = await certificateFor(db, tls);
  const server = createServerWith(certificate, nodeListener(createMeshHandler(db, options)));
  capConnections(server);
  const scheme = certificate === null ? 'http' : 'https';
  const certPin = certificate?.certPin ?? null;
  const heard = await listen(server, host, port);
  const url = urlOf(scheme, host, heard);
  // What ends each thing that was started.
  const ends: (() => unknown)[] = [() => end(server)];
  const endAll = () => Promise.all(ends.map((stop) => stop()));
  try {
    if (options.advertise !== undefined) {
      ends.push(advertise(db, options.advertise === true ? url : options.advertise, certPin));
    }
    const metrics = options.metrics === undefined ? null : await serveMetrics(db, options.metrics);
    if (metrics !== null) ends.push(metrics.end);
    noteServingAt(db, { url: urlOf(scheme, reachableHost(host), heard), certPin });
    ends.push(() => forgetServingAt(db));
    const close = closing(endAll, signal);
    if (signal?.aborted) await close();
    return { url, port: heard, certPin, metricsUrl: metrics?.url ?? null, close };
  } catch (error) {
    await endAll();
    throw error;
  }
}

/** Ends everything once, by call or by signal. */
function closing(endAll: () => Promise<unknown>, signal: AbortSignal | undefined): () => Promise<void> {
  let ending: Promise<unknown> | undefined;
  const close = async () => {
    signal?.removeEventListener('abort', abort);
    ending ??= endAll();
    await ending;
  };
  const abort = () => void close();
  signal?.addEventListener('abort', abort);
  return close;
}
