/**
 * The server behind a measuring page: serves the page and its bundled script on 127.0.0.1 and takes the events it posts.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

/**
 * `cross-origin-*`: an isolated page gets the precise clock (5 µs instead of 100 µs). The policy also shows that the
 * library needs nothing but `'wasm-unsafe-eval'`.
 */
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
};
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>Measuring</title><script type="module" src="/script.js"></script>';
const EVENT_LIMIT_BYTES = 1 << 20;

/**
 * @param {string} script the bundled agent
 * @param {(event: import('../types.js').AgentEvent) => void} onEvent
 * @returns {Promise<{ address: (plan: import('../types.js').AgentPlan) => string, close: () => void }>}
 */
export async function servePage(script, onEvent) {
  const run = randomUUID();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'GET' && url.pathname === '/') {
      response.writeHead(200, PAGE_HEADERS).end(PAGE);
    } else if (request.method === 'GET' && url.pathname === '/script.js') {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(script);
    } else if (request.method === 'POST' && url.pathname === '/event' && url.searchParams.get('run') === run) {
      onEvent(JSON.parse(await bodyOf(request)));
      response.writeHead(204).end();
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the page server has no port');
  return {
    address: (plan) =>
      `http://127.0.0.1:${bound.port}/?${new URLSearchParams({ run, plan: JSON.stringify(plan) }).toString()}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** @param {import('node:http').IncomingMessage} request */
async function bodyOf(request) {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > EVENT_LIMIT_BYTES) throw new Error('an event is too long');
  }
  return body;
}
