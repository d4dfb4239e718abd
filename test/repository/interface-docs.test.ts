/** What the documents say about the interface: every function in the README, every error code on its page. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as conformance from '../../src/conformance/index.js';
import * as crypto from '../../src/crypto/index.js';
import * as library from '../../src/index.js';
import * as wire from '../../src/wire/index.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const readme = read('README.md');
const errors = read('docs/errors.md');

/** What every name of an error code looks like where one is made, on the same line or the next. */
const MADE = /(?:MeshError|super)\(\s*'([a-z-]+)'/g;

/** Codes that are not made by a literal: both of `addMember`. */
const CHOSEN = ['already-member', 'invalid-request'];

function codesInSource(): Set<string> {
  const sources = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('cli') && !path.startsWith('conformance'))
    .map((path) => read(`src/${path}`));
  const made = sources.flatMap((source) => [...source.matchAll(MADE)].map((match) => match[1] as string));
  return new Set([...made, ...CHOSEN]);
}

describe('The README', () => {
  it.each([
    ['arborist-mesh', library],
    ['arborist-mesh/crypto', crypto],
    ['arborist-mesh/wire', wire],
    ['arborist-mesh/conformance', conformance],
  ])('names every function and error class of %s', (_, exports) => {
    const missing = Object.keys(exports).filter((name) => name !== 'MeshError' && !readme.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });
});

describe('The page about errors', () => {
  it('lists every code that the library gives, and no others', () => {
    const listed = [...errors.matchAll(/^\| `([a-z-]+)` /gm)].map((match) => match[1] as string);
    expect(listed.sort()).toEqual([...codesInSource()].sort());
  });

  it('names the class of each code that has one', () => {
    for (const [, code, className] of errors.matchAll(/^\| `([a-z-]+)` +\| `(\w+Error)` /gm)) {
      const source = `${read('src/errors.ts')}${read('src/mesh/invalid-event.ts')}${read('src/mesh/envelope.ts')}${read('src/records/invalid-document.ts')}`;
      const start = source.indexOf(`export class ${className} `);
      expect(source.slice(start).match(/super\('([a-z-]+)'/)?.[1]).toBe(code);
    }
  });
});
