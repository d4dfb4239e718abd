/**
 * Who holds a lock file, told so exactly that a later process can decide whether the holder still runs. A process id
 * alone is not enough: ids are reused, after a reboot soon.
 *
 * On Linux the kernel tells when a process started, which boot this is and in which namespace a process id counts.
 * Elsewhere, or where a sandbox hides it, the host's name and the process id must do; a reused id then looks alive.
 *
 * @module
 */
import fs from 'node:fs';
import os from 'node:os';
import process from 'node:process';

/** A process, as far as the system tells. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The machine's name; null where a sandbox hides it. */
  readonly host: string | null;
  /** The kernel's random id of this boot; null where unknown. */
  readonly boot: string | null;
  /** The namespace in which `pid` counts; null where unknown. */
  readonly namespace: string | null;
  /** When the process started, in clock ticks since boot; null where unknown. */
  readonly started: string | null;
}

/** Whether a process runs. `unknown`: it belongs to a machine or container that cannot be asked from here. */
export type Liveness = 'running' | 'ended' | 'unknown';

/** What the system tells, or null where it does not. */
function ask(question: () => string): string | null {
  try {
    return question();
  } catch {
    return null;
  }
}

/** The kernel's random id of this boot; null where unknown. */
export const bootId = () => ask(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
const pidNamespace = () => ask(() => fs.readlinkSync('/proc/self/ns/pid'));

/** The fields of `/proc/PID/stat` that follow the command name (proc(5)): the state first, the start time 20th. */
function statFields(pid: number): readonly string[] | null {
  const stat = ask(() => fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name is in parentheses and may hold spaces and parentheses itself.
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

const STATE = 0;
const START_TIME = 19;

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    host: ask(() => os.hostname()),
    boot: bootId(),
    namespace: pidNamespace(),
    started: statFields(process.pid)?.[START_TIME] ?? null,
  };
}

function signalReaches(pid: number): Liveness {
  try {
    process.kill(pid, 0);
    return 'running';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ESRCH') return 'ended';
    return code === 'EPERM' ? 'running' : 'unknown';
  }
}

/** Whether the process lived in the boot in which this one lives; null where that cannot be told. */
function livedInThisBoot(holder: ProcessIdentity, here: ProcessIdentity): boolean | null {
  const sameHost = holder.host === here.host;
  if (holder.boot === null || here.boot === null) return sameHost ? true : null;
  if (holder.boot === here.boot) return true;
  return sameHost && here.host !== null ? false : null;
}

/** Whether the process that described itself so still runs. */
export function livenessOf(holder: ProcessIdentity): Liveness {
  const here = ownIdentity();
  const thisBoot = livedInThisBoot(holder, here);
  if (thisBoot === false) return 'ended';
  if (thisBoot === null || holder.namespace !== here.namespace) return 'unknown';
  const reached = signalReaches(holder.pid);
  if (reached !== 'running') return reached;
  const fields = statFields(holder.pid);
  if (fields === null) return 'running';
  const state = fields[STATE];
  // A zombie holds no file any more; its parent has not asked for its exit code yet.
  if (state === 'Z' || state === 'X') return 'ended';
  return holder.started === null || fields[START_TIME] === holder.started ? 'running' : 'ended';
}
