/**
 * A site on 127.0.0.1 with one page, whose scripts are bundled from the sources with what package.json chooses for browsers.
 *
 * @module
 */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import manifest from '../../../package.json' with { type: 'json' };

const root = new URL('../../../', import.meta.url);
const program = (name: string) => fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'",
};
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>Databases</title><script type="module" src="/page.js"></script>';

/** Subpath imports point to what is built; here they are to point to its source. */
const fromSources: Plugin = {
  name: 'from-sources',
  setup({ onResolve }) {
    onResolve({ filter: /^#/ }, ({ path }) => {
      const choices: Readonly<Record<string, { readonly default: string }>> = manifest.imports;
      const built = choices[path]?.default;
      if (built === undefined) return undefined;
      return { path: fileURLToPath(new URL(built.replace('./dist/', './src/').replace(/\.js$/, '.ts'), root)) };
    });
  },
};

async function bundle(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [program('page'), program('worker')],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    outdir: '/',
    write: false,
    logLevel: 'error',
    plugins: [fromSources],
  });
  return new Map(outputFiles.map((file) => [file.path, file.text]));
}

/** A running site. */
export interface Site {
  /** The page's address. */
  readonly address: string;
  /** The paths of the scripts that were asked for. */
  readonly asked: string[];
  /** Resolves with the first text that a page posted. */
  readonly posted: Promise<string>;
  close(): void;
}

let bundled: Promise<Map<string, string>> | undefined;

/** Starts the site; its scripts are bundled once for all sites of a file of tests. */
export async function startSite(): Promise<Site> {
  bundled ??= bundle();
  const scripts = await bundled;
  const asked: string[] = [];
  let post: (text: string) => void = () => undefined;
  const posted = new Promise<string>((resolve) => {
    post = resolve;
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (request.method === 'POST') {
      text(request).then(post);
      response.writeHead(204).end();
      return;
    }
    const script = scripts.get(path);
    asked.push(path);
    if (path === '/') response.writeHead(200, HEADERS).end(PAGE);
    else if (script === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(script);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the site has no port');
  return {
    address: `http://127.0.0.1:${bound.port}/`,
    asked,
    posted,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
