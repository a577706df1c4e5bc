/**
 * One process per folder. A process that wants the folder publishes a claim in it, a small file of its own, and has it when no
 * other living process does. A claim names a process, not a time: it is worth nothing as soon as the process is dead, however it
 * died, and whatever process has its number by then.
 *
 * Of any two processes at least the one that publishes later sees the other. Processes that see each other both withdraw and try
 * again. Processes in other containers, or on other machines that share the folder, are not seen.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processExists } from './process-exists.ts';

export interface ProcessLock {
  release(): void;
}

/** The other process, when it has the folder. */
export interface LockedBy {
  readonly lockedBy: number;
}

/** Folder of the claims. */
export const lockFolderName = 'lock';

interface Claim {
  readonly file: string;
  readonly pid: number;
  /** What no other process with the same number has in common with it; empty where the system cannot tell. */
  readonly birth: string;
}

const attemptsMax = 12;
/** Written into a claim once no other was seen: whoever sees that need not try again. */
const holding = 'holds the folder';

let claims = 0;

/** Answers who has the folder, without touching anything. */
export function findHolder(folder: string): number | undefined {
  return livingClaims(folder).find((claim) => isHolding(claim))?.pid;
}

/** Throws the operating system's error when nothing can be written in the folder. */
export async function takeLock(folder: string): Promise<ProcessLock | LockedBy> {
  createLockFolder(folder);
  const birth = birthOf(process.pid) ?? '';
  const own = join(folder, lockFolderName, `${process.pid}_${birth}_${(claims += 1)}`);
  for (let attempt = 0; ; attempt += 1) {
    writeFileSync(own, 'wants the folder', { flag: 'wx' });
    const others = livingClaims(folder).filter(({ file }) => file !== own);
    const [other] = others;
    if (other === undefined) {
      writeFileSync(own, holding);
      removeDead(folder);
      return { release: () => rmSync(own, { force: true }) };
    }
    rmSync(own);
    const holder = others.find(isHolding) ?? (attempt === attemptsMax ? other : undefined);
    if (holder !== undefined) return { lockedBy: holder.pid };
    // The numbers of two processes differ in some bit, so they wait differently before some attempt.
    await delay(2 + 8 * ((process.pid >> attempt) & 3));
  }
}

function createLockFolder(folder: string): void {
  try {
    mkdirSync(join(folder, lockFolderName));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function isHolding({ file }: Claim): boolean {
  try {
    return readFileSync(file, 'utf8') === holding;
  } catch {
    return false;
  }
}

function livingClaims(folder: string): Claim[] {
  return listClaims(folder).filter(isAlive);
}

function removeDead(folder: string): void {
  for (const claim of listClaims(folder)) {
    if (!isAlive(claim)) rmSync(claim.file, { force: true });
  }
}

function listClaims(folder: string): Claim[] {
  const path = join(folder, lockFolderName);
  return listNames(path).map((name) => {
    const [pid, birth = ''] = name.split('_');
    return { file: join(path, name), pid: Number(pid), birth };
  });
}

function listNames(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function isAlive({ pid, birth }: Claim): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || !processExists(pid)) return false;
  const current = birthOf(pid);
  return birth === '' || current === undefined || current === birth;
}

/**
 * When the process was started, in ticks since the machine was, and which start of the machine that was; `over` for one that is
 * dead and not yet buried. Undefined where there is no /proc.
 */
function birthOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program is in brackets and may contain anything.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return 'over';
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}.${fields[startTimeField] ?? ''}`;
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat, counted from the one after the state. */
const startTimeField = 18;
