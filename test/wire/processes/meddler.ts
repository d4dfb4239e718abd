/** Somebody between a client and a server that speak plain HTTP: passes everything on, changed where the test says so. */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** What is changed on the way. */
type Meddling = 'nothing' | 'requests' | 'answers' | 'redirect';

/** A running meddler. */
export interface Meddler {
  readonly url: string;
  meddling: Meddling;
  close(): void;
}

/** A copy with one bit of its last byte changed: in a frame, that is its signature or what was signed. */
function altered(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  if (copy.length > 0) copy[copy.length - 1] = (copy.at(-1) as number) ^ 1;
  return copy;
}

const REQUEST_HEADERS = ['origin', 'content-type', 'access-control-request-method', 'access-control-request-headers'];

/** Starts one in front of a server. `hello` passes unchanged: it is unsigned, and proves nothing. */
export async function startMeddler(target: string): Promise<Meddler> {
  const meddler = { meddling: 'nothing' as Meddling };
  const server = createServer(async (message, response) => {
    const { method = 'GET', url = '/' } = message;
    const isSigned = method === 'POST';
    const { meddling } = meddler;
    const body = await buffer(message);
    const headers = REQUEST_HEADERS.flatMap((name) => {
      const value = message.headers[name];
      return typeof value === 'string' ? [[name, value] as [string, string]] : [];
    });
    const sent = isSigned && meddling === 'requests' ? altered(body) : new Uint8Array(body);
    const answer = await fetch(`${target}${url}`, { method, headers, body: isSigned ? sent : null });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const answerHeaders = Object.fromEntries(answer.headers);
    delete answerHeaders['content-length'];
    if (isSigned && meddling === 'redirect') {
      response.writeHead(307, { ...answerHeaders, location: `${target}${url}` }).end();
      return;
    }
    response.writeHead(answer.status, answerHeaders).end(isSigned && meddling === 'answers' ? altered(bytes) : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return Object.assign(meddler, {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  });
}
