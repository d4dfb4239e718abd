/** The vectors of the protocol: the files are what their generator makes, and the package carries them as they are. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VECTOR_FILES } from '../../src/conformance/vectors.generated.js';
import { vectorFiles } from '../../src/conformance/vectors.js';
import { protocolVectors } from '../support/protocol/vectors.js';

const read = (path: string) => readFileSync(new URL(`../vectors/${path}`, import.meta.url), 'utf8');

test('The vectors are what their generator makes', async () => {
  for (const [name, content] of Object.entries(await protocolVectors())) {
    expect(JSON.parse(read(`protocol/${name}`))).toEqual(content);
  }
});

test('The package carries every file of vectors, with a README for those that are of our own protocol', () => {
  const files = vectorFiles();
  expect([...files.keys()]).toEqual(Object.keys(VECTOR_FILES));
  for (const path of ['protocol/README.md', 'membership/README.md']) expect(files.get(path)).toBe(read(path));
  for (const [path, text] of files) {
    if (path.endsWith('.json')) expect(JSON.parse(text)).toEqual(JSON.parse(read(path)));
  }
});
