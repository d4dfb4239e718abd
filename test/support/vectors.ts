/**
 * Reads the published vectors of `test/vectors/`.
 *
 * @module
 */
import { readFileSync } from 'node:fs';

/** The parsed file `test/vectors/<name>`; the caller states its shape. */
export function readVectors<Shape extends { source: string }>(name: string): Shape {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')) as Shape;
}
