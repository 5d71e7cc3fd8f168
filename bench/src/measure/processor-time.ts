/** CPU time of processes and of the machine, from Linux's `/proc`. @see proc_pid_stat(5), proc_stat(5) @module */
import { readdirSync, readFileSync } from 'node:fs';

/** `USER_HZ`: the unit of `/proc`, the same on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** CPU seconds that a process has used, user and system; 0 when it is gone. */
export function processSeconds(pid: number): number {
  const fields = statOf(pid);
  return fields === null ? 0 : (ticksAt(fields, 14) + ticksAt(fields, 15)) / ticksPerSecond;
}

/** The same of a process, its children, and the children it has outlived. */
export function familySeconds(pid: number): number {
  const fields = statOf(pid);
  if (fields === null) return 0;
  const outlived = (ticksAt(fields, 16) + ticksAt(fields, 17)) / ticksPerSecond;
  return childrenOf(pid).reduce((sum, child) => sum + processSeconds(child), processSeconds(pid) + outlived);
}

export function childrenOf(pid: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((child) => parentOf(child) === pid);
}

/** Null when the process is gone. */
function parentOf(pid: number): number | null {
  const fields = statOf(pid);
  return fields === null ? null : ticksAt(fields, 4);
}

/** Seconds that all cores together were busy, or withheld by the machine below this one. */
export function machineSeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/** Mebibytes of a process that are in memory. */
export function residentMebibytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kibibytes) / 1024;
}

/** The fields after the process's name, which may itself hold spaces and parentheses. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** @param field its number in proc_pid_stat(5); the first after the name is 3 */
function ticksAt(fields: readonly string[], field: number): number {
  return Number(fields[field - 3]);
}
