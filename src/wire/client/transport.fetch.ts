/**
 * The transport where there is nothing but `fetch`: web pages, workers, workerd. It cannot look at certificates, so that a
 * pin cannot be kept: only certificates that the runtime trusts by itself will do. Signatures hold all the same.
 *
 * @module
 */
import { concatBytes } from '../../bytes.js';
import { BadAnswerError, UnreachableError } from '../errors.js';
import type { Transport, TransportAnswer, TransportRequest, TransportTarget } from './transport.js';

/** Whether this transport checks certificates against pins. */
export const CHECKS_PINS = false;

async function readAnswer(response: Response, maxBytes: number): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || value === undefined) return concatBytes(...chunks);
    length += value.length;
    if (length > maxBytes) {
      reader?.cancel().catch(() => undefined);
      throw new BadAnswerError(`the answer is longer than ${maxBytes} bytes`);
    }
    chunks.push(value);
  }
}

async function send({ url }: TransportTarget, request: TransportRequest): Promise<TransportAnswer> {
  const { method, path, body, signal, maxBytes } = request;
  try {
    const response = await fetch(`${url.href.replace(/\/+$/, '')}${path}`, {
      method,
      body: body as Uint8Array<ArrayBuffer> | null,
      headers: body === null ? {} : { 'content-type': 'application/cbor' },
      // A redirect is an answer like any other, and none that counts: workerd does not know `error`.
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
    return { status: response.status, body: await readAnswer(response, maxBytes) };
  } catch (cause) {
    if (cause instanceof BadAnswerError) throw cause;
    throw new UnreachableError(`${url.origin} cannot be reached, or does not answer`, { cause });
  }
}

/** A way to a peer. */
export function openTransport(target: TransportTarget): Transport {
  return { send: (request) => send(target, request), close: () => undefined };
}
