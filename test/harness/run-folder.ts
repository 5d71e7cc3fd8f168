/** The folder of one test run: what every process logged, and every secret that no log may hold. @module */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const secretsFile = 'secrets.jsonl';
/** Shorter texts occur by chance in any log and would prove nothing. */
const shortestSecret = 6;

/** The run's folder: `TESSERA_TEST_RUN_DIR`, or a new one below the system's temporary folder. */
export function runFolder(): string {
  const given = process.env.TESSERA_TEST_RUN_DIR;
  if (given === undefined || given === '') {
    const made = mkdtempSync(join(tmpdir(), 'tessera-run-'));
    process.env.TESSERA_TEST_RUN_DIR = made;
    process.once('exit', (code) => {
      if (code === 0) rmSync(made, { recursive: true, force: true });
      else process.stderr.write(`The logs of this run are in ${made}\n`);
    });
    return made;
  }
  mkdirSync(given, { recursive: true });
  return given;
}

let logCount = 0;

/** A new log file's path in the run's folder; `name` says whose log it is. */
export function newLogFile(name: string): string {
  logCount += 1;
  return join(runFolder(), `${name}-${process.pid}-${logCount}.log`);
}

/** Registers a secret that no log of this run may hold, and gives it back. */
export function secret(text: string): string {
  if (text.length < shortestSecret) throw new Error(`a secret of ${text.length} characters proves nothing`);
  appendFileSync(join(runFolder(), secretsFile), `${JSON.stringify(text)}\n`);
  return text;
}

/** Where a registered secret was found. The secret itself is not repeated. */
export interface Leak {
  readonly file: string;
  readonly line: number;
  /** The line, with the secret replaced by `[secret]`. */
  readonly text: string;
}

/** Every place where a log of `folder` holds a secret registered there. */
export function findLeaks(folder: string): Leak[] {
  const secrets = registeredSecrets(folder);
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  return logs.flatMap((name) => leaksOf(join(folder, name), secrets));
}

function registeredSecrets(folder: string): Set<string> {
  const file = join(folder, secretsFile);
  if (!existsSync(file)) return new Set();
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return new Set(lines.map((line) => JSON.parse(line) as string));
}

/** Secrets by their last characters: a run uses thousands, and most begin alike (`eyJhbGciOi…`). */
function bySuffix(secrets: Iterable<string>): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const text of secrets) {
    const suffix = text.slice(-shortestSecret);
    index.set(suffix, [...(index.get(suffix) ?? []), text]);
  }
  return index;
}

function leaksOf(file: string, secrets: Set<string>): Leak[] {
  const index = bySuffix(secrets);
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, at) => {
      const found = secretIn(text, index);
      return found === null ? [] : [{ file, line: at + 1, text: text.replaceAll(found, '[secret]') }];
    });
}

function secretIn(text: string, index: Map<string, string[]>): string | null {
  for (let end = shortestSecret; end <= text.length; end += 1) {
    const candidates = index.get(text.slice(end - shortestSecret, end));
    const found = candidates?.find((candidate) => text.endsWith(candidate, end));
    if (found !== undefined) return found;
  }
  return null;
}
