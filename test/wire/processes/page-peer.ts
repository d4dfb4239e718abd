/** Peers in web pages, and the sites that the pages come from. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Chromium } from '../../browser/support/chromium.js';
import type { Tab } from '../../browser/support/tab.js';
import { outcomeOf } from './peer-process.js';

const program = fileURLToPath(new URL('../programs/page.mjs', import.meta.url));

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  // The page may call servers on this machine, whether they let it or not.
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src http://127.0.0.1:* https://127.0.0.1:*",
};
const PAGE = '<!doctype html><meta charset="utf-8"><title>A peer</title><script type="module" src="/page.js"></script>';

/** A running site. */
export interface PeerSite {
  /** `http://127.0.0.1:8080`: what a server is told to let in. */
  readonly origin: string;
  close(): void;
}

/** What is built, in one script for browsers. */
export async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [program],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  return outputFiles.map(({ text }) => text).join('');
}

/** Serves the page on an origin of its own. */
export async function startPeerSite(script: string): Promise<PeerSite> {
  const server = createServer(({ url }, response) => {
    if (url === '/') response.writeHead(200, HEADERS).end(PAGE);
    else if (url === '/page.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    origin: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A peer in a page. */
export class PagePeer {
  readonly #tab: Tab;

  private constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** Opens a tab with the site's page. */
  static async open(browser: Chromium, { origin }: PeerSite): Promise<PagePeer> {
    return new PagePeer(await browser.open(`${origin}/`));
  }

  /** Has the peer do something, and gives what it says. */
  async call<T = null>(name: string, ...args: readonly unknown[]): Promise<T> {
    const { result, exceptionDetails } = await this.#tab.send('Runtime.evaluate', {
      expression: `perform(${JSON.stringify([name, ...args])})`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return outcomeOf<T>(name, (result as { value: unknown }).value);
  }

  /** Loads the page anew. What it had in memory is gone. */
  reload(): Promise<void> {
    return this.#tab.reload();
  }
}
