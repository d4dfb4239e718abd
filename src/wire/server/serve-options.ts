/**
 * What a server on this machine's network is told, and what it tells back.
 *
 * @module
 */
import type { MeshHandlerOptions } from './handler.js';

/** Settings of `serveMesh`. */
export interface ServeOptions extends MeshHandlerOptions {
  /** The address to listen on; `127.0.0.1` where absent, so that nobody outside reaches it by mistake. */
  readonly host?: string;
  /** The port; where absent or 0, any that is free. */
  readonly port?: number;
  /**
   * A certificate and its key as PEM; where absent, the database's own, made on first use. False for plain HTTP: on a
   * loopback address, or with `allowPlainHttp`.
   */
  readonly tls?: { readonly cert: string | Uint8Array; readonly key: string | Uint8Array } | false;
  /** Plain HTTP on other addresses than loopback, as behind a proxy that ends TLS. */
  readonly allowPlainHttp?: boolean;
  /** The URL under which others reach this server: it is told to the group. `true` for the one that it listens on. */
  readonly advertise?: string | true;
  /** Ends the server. */
  readonly signal?: AbortSignal;
  /** Serves `/metrics` for Prometheus over plain HTTP, on `127.0.0.1` where no host is named. */
  readonly metrics?: { readonly host?: string; readonly port: number };
}

/** A server that listens. */
export interface RunningServer {
  /** `https://127.0.0.1:4433` */
  readonly url: string;
  readonly port: number;
  /** 32 bytes: the SHA-256 of the certificate, for others to pin; null for plain HTTP. */
  readonly certPin: Uint8Array | null;
  /** Where the metrics are; null if nowhere. */
  readonly metricsUrl: string | null;
  /** Takes no more connections, lets requests that are under way be answered for a few seconds, and ends. */
  close(): Promise<void>;
}
