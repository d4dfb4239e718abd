/**
 * Odd multiples of the base point B for sums with public scalars (`multi-scalar.ts`), built at first use: of B, 2^64·B,
 * 2^128·B and 2^192·B, so that a scalar can be cut into two halves or four quarters and needs as few doublings.
 *
 * @module
 */
import { POINT, pointDouble } from './edwards25519';
import { BASE_POINT } from './edwards25519-base-table';
import { pointDecode } from './edwards25519-encoding';
import { fillOddMultiples } from './multi-scalar';

/** Width of the non-adjacent form that the tables serve. */
export const BASE_WIDTH: u32 = 8;
const ENTRIES: usize = 64; // 2^(8 - 2)

const TABLES: usize = memory.data(4 * 64 * 160, 16);
const STEP: usize = memory.data(160, 16);
let tablesAreBuilt = false;

function buildTables(): void {
  pointDecode(STEP, BASE_POINT);
  for (let quarter: usize = 0; quarter < 4; quarter++) {
    fillOddMultiples(TABLES + quarter * ENTRIES * POINT, STEP, ENTRIES);
    for (let i = 0; i < 64; i++) pointDouble(STEP, STEP);
  }
  tablesAreBuilt = true;
}

/** The table of odd multiples of 2^(64 · quarter) · B. */
export function baseOddMultiples(quarter: usize): usize {
  if (!tablesAreBuilt) buildTables();
  return TABLES + quarter * ENTRIES * POINT;
}
