// @ts-check
/**
 * Serves one site to one browser, on 127.0.0.1, and takes its report.
 *
 * @module
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = /** @type {Readonly<Record<string, string>>} */ ({
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
});
const REPORT_LIMIT_BYTES = 8 << 20;

/**
 * @typedef {object} Site
 * @property {string} folder what is served
 * @property {string} page the document at `/`
 * @property {Readonly<Record<string, string>>} headers sent with every answer
 */

/**
 * @param {Site} site
 * @param {(word: string) => void} onWord called with what is asked for, and with each check that was made
 * @returns {Promise<{ address: string, reported: Promise<import('arborist-mesh/conformance').ConformanceReport>, close: () => void }>}
 */
export async function serveSite({ folder, page, headers }, onWord) {
  /** @type {(outcome: { report?: import('arborist-mesh/conformance').ConformanceReport, error?: string }) => void} */
  let receive = () => {};
  /** @type {Promise<import('arborist-mesh/conformance').ConformanceReport>} */
  const reported = new Promise((resolve, reject) => {
    receive = ({ report, error }) => {
      if (report === undefined) reject(new Error(error ?? 'an empty report'));
      else resolve(report);
    };
  });
  reported.catch(() => {});

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    onWord(`${request.method} ${pathname}`);
    if (request.method === 'POST') {
      const body = await bodyOf(request);
      if (pathname === '/report') receive(JSON.parse(body));
      else onWord(body);
      response.writeHead(204).end();
    } else if (request.method === 'GET' && pathname === '/') {
      response.writeHead(200, { ...headers, 'content-type': TYPES['.html'] }).end(page);
    } else {
      sendFile(response, join(folder, normalize(decodeURIComponent(pathname))), headers);
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
  return {
    address: `http://127.0.0.1:${bound.port}/`,
    reported,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {string} path
 * @param {Readonly<Record<string, string>>} headers
 */
function sendFile(response, path, headers) {
  const type = TYPES[extname(path)];
  if (type === undefined || !existsSync(path) || !statSync(path).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-type': type });
  createReadStream(path).pipe(response);
}

/** @param {import('node:http').IncomingMessage} request */
async function bodyOf(request) {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > REPORT_LIMIT_BYTES) throw new Error('the report is too long');
  }
  return body;
}
