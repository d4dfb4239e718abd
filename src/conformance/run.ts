/**
 * Runs the suite, check by check, and reports what came of each.
 *
 * @module
 */

import type { Area, Check } from './area.js';
import { AREAS } from './areas/index.js';
import { createRecording, digestLines } from './record.js';
import { describeRuntime, type RuntimeDescription } from './runtime.js';

/** What came of one check. */
export interface CheckReport {
  readonly name: string;
  readonly ok: boolean;
  /** Why not, where it failed. */
  readonly error?: string;
  /** How long it took; 0 in runtimes whose clocks stand still (workerd). */
  readonly ms: number;
  /** SHA-256, in hexadecimal, of what the check recorded: the same in every runtime. */
  readonly digest: string;
}

/** What came of the checks of one area. */
export interface AreaReport {
  readonly name: string;
  readonly checks: readonly CheckReport[];
  /** SHA-256, in hexadecimal, of what all its checks recorded: the same in every runtime. */
  readonly digest: string;
}

/** What came of the whole suite. */
export interface ConformanceReport {
  readonly runtime: RuntimeDescription;
  readonly areas: readonly AreaReport[];
}

/** How the suite is run. */
export interface ConformanceOptions {
  /** An empty folder that checks of database files write to (Node, Deno, Bun); without one they expect no files. */
  readonly folder?: string;
  /** Called after each check. */
  readonly onProgress?: (area: string, check: CheckReport) => void;
}

/** The names of an area's checks. */
export interface AreaListing {
  readonly name: string;
  readonly checks: readonly string[];
}

/** A check that takes longer than this hangs. */
const TIME_LIMIT_MS = 75_000;

/** What the suite consists of: a report lists exactly these, in this order. */
export function listChecks(): AreaListing[] {
  return AREAS.map(({ name, checks }) => ({ name, checks: checks.map((check) => check.name) }));
}

/** Runs every check, one after the other. It never rejects: what goes wrong is in the report. */
export async function runConformance(options: ConformanceOptions = {}): Promise<ConformanceReport> {
  return { runtime: describeRuntime(), areas: await runAreas(AREAS, options) };
}

/** Runs the checks of the areas given, one after the other. */
export async function runAreas(areas: readonly Area[], options: ConformanceOptions): Promise<AreaReport[]> {
  const reports: AreaReport[] = [];
  for (const area of areas) reports.push(await runArea(area, options));
  return reports;
}

async function runArea({ name, checks }: Area, { folder, onProgress }: ConformanceOptions): Promise<AreaReport> {
  const reports: CheckReport[] = [];
  for (const check of checks) {
    const report = await runCheck(check, folder ?? null);
    reports.push(report);
    onProgress?.(name, report);
  }
  return { name, checks: reports, digest: digestLines(reports.map((report) => `${report.name} ${report.digest}`)) };
}

async function runCheck({ name, run }: Check, folder: string | null): Promise<CheckReport> {
  const recording = createRecording(folder);
  const start = performance.now();
  let error: string | undefined;
  try {
    await withinTime(Promise.resolve().then(() => run(recording.context)));
  } catch (cause) {
    error = describeError(cause);
  }
  const outcome = error === undefined ? { ok: true } : { ok: false, error };
  return { name, ...outcome, ms: performance.now() - start, digest: recording.digest() };
}

async function withinTime(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still running after ${TIME_LIMIT_MS / 1000} s`)), TIME_LIMIT_MS);
  });
  try {
    await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** The error and what caused it, on one line each. */
function describeError(error: unknown): string {
  const lines: string[] = [];
  for (let at = error; at !== undefined && lines.length < 5; at = at instanceof Error ? at.cause : undefined) {
    lines.push(String(at));
  }
  return lines.join('\ncaused by ');
}
