// @ts-check
/**
 * Writes `dist/import-map.json`: where a page that loads the installed packages as they are, with no bundler, finds each
 * of them under `/node_modules/`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = new URL('../', import.meta.url);
const PREFIX = '/node_modules/';
const OWN = `${PREFIX}arborist-mesh/`;

/** @typedef {Record<string, string>} Addresses */

/**
 * The entry points that are modules, and the private aliases, as a runtime sees them that has no name of its own.
 *
 * @param {Record<string, string | { default: string }>} targets
 * @param {string} prefix what a key stands behind
 */
function ownAddresses(targets, prefix) {
  /** @type {Addresses} */
  const addresses = {};
  for (const [key, target] of Object.entries(targets)) {
    const file = typeof target === 'string' ? target : target.default;
    if (file.endsWith('.js'))
      addresses[prefix + key.replace(/^\.\/?/, key === '.' ? '' : '/')] = file.replace('./', OWN);
  }
  return addresses;
}

/**
 * The packages that the built modules import, each at the file that it means by itself.
 *
 * @param {readonly string[]} files
 */
function foreignAddresses(files) {
  const { metafile } = buildSync({
    entryPoints: files.map((file) => fileURLToPath(new URL(file.replace(OWN, ''), root))),
    bundle: true,
    format: 'esm',
    outdir: 'unused',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  /** @type {Addresses} */
  const addresses = {};
  for (const { imports } of Object.values(metafile.inputs)) {
    for (const { original, path } of imports) {
      const place = path.split(sep).join('/').lastIndexOf('node_modules/');
      if (original !== undefined && !original.startsWith('.') && place >= 0) {
        addresses[original] = PREFIX + path.slice(place + 'node_modules/'.length);
      }
    }
  }
  return addresses;
}

/** Writes the map for what stands in `dist/`. */
export function writeImportMap() {
  const { exports, imports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const entries = ownAddresses(exports, 'arborist-mesh');
  const aliases = ownAddresses(imports, '');
  const packages = foreignAddresses(Object.values(entries));
  const map = { imports: { ...entries, ...packages }, scopes: { [OWN]: aliases } };
  writeFileSync(new URL('dist/import-map.json', root), `${JSON.stringify(map, null, 2)}\n`);
}
