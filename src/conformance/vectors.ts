/**
 * The published vectors: the files of `test/vectors/`, which this package carries as text.
 *
 * @module
 */
import { VECTOR_FILES } from './vectors.generated.js';

/** The parsed file with this path, such as `crypto/rfc7748.json`; the caller states its shape. */
export function readVectors<Shape extends { readonly source: string }>(path: string): Shape {
  const text = VECTOR_FILES[path];
  if (text === undefined) throw new Error(`there are no vectors ${path}`);
  return JSON.parse(text) as Shape;
}

/**
 * Every file of vectors, by its path, such as `crypto/rfc7748.json`: JSON, and a README of each folder that says what it
 * means. For implementations in other languages.
 */
export function vectorFiles(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(VECTOR_FILES).map(([path, text]) => [
      path,
      path.endsWith('.json') ? `${JSON.stringify(JSON.parse(text), null, 1)}\n` : text,
    ]),
  );
}
