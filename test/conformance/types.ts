/**
 * What the parts of the conformance runner tell each other.
 *
 * @module
 */
import type { AreaListing, ConformanceReport } from 'arborist-mesh/conformance';

/** The package as users have it: its tarball, installed in a folder of its own. */
export interface InstalledPackage {
  /** The folder with `node_modules/` and, beside it, the agents. */
  readonly folder: string;
  readonly version: string;
  /** A folder for what adapters build. */
  readonly workFolder: string;
}

/** What a row runs: the suite, or the control that expects WebAssembly to be refused. */
export type SuiteName = 'conformance' | 'refusal';

/** One row of the matrix. */
export interface Adapter {
  /** For `--only` and `--require`; for example `chromium-worker`. */
  readonly id: string;
  /** For people; for example `Chromium, module worker`. */
  readonly title: string;
  readonly suite: SuiteName;
  /** What the report must say it ran in, and how that version must begin. */
  readonly runtime: { readonly name: string; readonly version?: string };
  /** Where this needs something to be installed: what, and whether it is there. */
  readonly needs: readonly Requirement[];
  /** Loads the suite from the installed package in the runtime, and resolves to what it reported. */
  readonly run: (subject: InstalledPackage) => Promise<ConformanceReport>;
}

/** Something that a row needs on this machine. */
export interface Requirement {
  /** A shell command, from the repository's root. */
  readonly install: string;
  readonly present: () => boolean;
}

/** What came of one row. */
export type RowResult =
  | { readonly adapter: Adapter; readonly state: 'missing'; readonly install: readonly string[] }
  | { readonly adapter: Adapter; readonly state: 'broken'; readonly error: string; readonly ms: number }
  | { readonly adapter: Adapter; readonly state: 'ran'; readonly report: ConformanceReport; readonly ms: number };

/** What each suite consists of. */
export type Listings = Readonly<Record<SuiteName, readonly AreaListing[]>>;

/** A cell of the matrix. */
export interface Cell {
  readonly area: string;
  readonly passed: number;
  readonly total: number;
  readonly digest: string;
}

/** A row of the matrix, judged. */
export interface JudgedRow {
  readonly id: string;
  readonly title: string;
  readonly verdict: 'passed' | 'failed' | 'missing';
  readonly version: string;
  readonly ms: number;
  readonly cells: readonly Cell[];
  /** What is wrong, one line or paragraph each; for a missing runtime, the commands that install it. */
  readonly problems: readonly string[];
}

/** The matrix. */
export interface Matrix {
  readonly package: string;
  readonly date: string;
  readonly areas: readonly string[];
  readonly rows: readonly JudgedRow[];
  readonly passed: boolean;
}

/** What the command line asks for. */
export interface RunnerOptions {
  readonly only: readonly string[];
  readonly require: readonly string[];
  readonly install: boolean;
  readonly tarball: string | null;
  readonly json: string | null;
  readonly html: string | null;
  readonly help: boolean;
}
