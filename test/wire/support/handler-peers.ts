/** Peers whose servers are handlers in this process: requests and answers are objects, and nothing opens a socket. */
import type { MeshDatabase } from '../../../src/index.js';
import { requireGroup } from '../../../src/mesh/group.js';
import { loadSigningKey } from '../../../src/mesh/identity.js';
import {
  createMeshHandler,
  type MeshHandler,
  type MeshHandlerOptions,
  type Transport,
  type TransportTarget,
} from '../../../src/wire/index.js';
import { type RequestParts, signRequest } from '../../../src/wire/protocol/request.js';

/** A clock for rates that stands still until a test moves it. */
export class TestClock {
  milliseconds = 1_000_000;
  readonly read = () => this.milliseconds;
}

/** A handler whose rates never run out unless the clock is a standing one. */
export function handlerOf(db: MeshDatabase, options: MeshHandlerOptions = {}): MeshHandler {
  let time = 0;
  return createMeshHandler(db, {
    clock: () => {
      time += 1_000;
      return time;
    },
    ...options,
  });
}

/** A network of handlers by URL. */
export function network(handlers: Record<string, MeshHandler>) {
  return ({ url }: TransportTarget): Transport => ({
    async send({ method, path, body }) {
      const handler = handlers[url.origin];
      if (handler === undefined) throw new Error(`nobody at ${url.origin}`);
      const request = new Request(`${url.origin}${path}`, { method, body: body as Uint8Array<ArrayBuffer> | null });
      const response = await handler(request, { address: '192.0.2.1' });
      return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
    },
    close: () => undefined,
  });
}

/** A request as a member signs it, with whatever an attacker likes in it. */
export function signedBy(
  db: MeshDatabase,
  parts: Partial<RequestParts> & Pick<RequestParts, 'to'>,
  signer?: Uint8Array,
) {
  const { id: groupId, self, identity } = requireGroup(db);
  return signRequest(
    { signer: signer ?? self?.mid ?? identity.signPub, signPriv: loadSigningKey(db) },
    { groupId, path: 'sync', args: ['summary', zeros(32), zeros(32), zeros(32), zeros(32)], now: db.now(), ...parts },
  );
}

export const zeros = (length: number) => new Uint8Array(length);

/** Hands a body to a handler. */
export function post(
  handler: MeshHandler,
  body: BodyInit | null,
  { path = 'sync', address = '192.0.2.1', headers = {} } = {},
) {
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, headers, duplex: 'half' };
  return handler(new Request(`http://peer/mesh/v1/${path}`, init), { address });
}

/** The code of a refusing answer; null if it is none. */
export async function refusalOf(response: Response): Promise<string | null> {
  if (response.status === 200) return null;
  const bytes = new Uint8Array(await response.arrayBuffer());
  // CBOR of an array of one short text.
  return new TextDecoder().decode(bytes.subarray(bytes[1] === 0x78 ? 3 : 2));
}
