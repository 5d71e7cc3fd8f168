/** What the commands for signing keys have in common. @module */
import type { Config, KeyReport } from '@tessera/server';
import type { Invocation } from '../program/command.ts';
import { LocalError } from '../program/errors.ts';
import { choiceFlag, type Flag, switchFlag } from '../program/flag.ts';
import { printAnswer, printLine } from '../terminal/print.ts';
import { dataDirFlag } from './data-dir.ts';

/** Which tokens' keys; each kind has its own. */
export const useFlag: Flag<string | null> = choiceFlag(
  'which tokens the key signs; nebularstack if left out',
  ['nebularstack', 'ciphertrust'],
);

export const usualUse = 'nebularstack';

export const startFlags: { readonly 'at-once': Flag<boolean> } & typeof dataDirFlag = {
  'at-once': switchFlag(
    'sign with it now; else after five minutes, when those who verify tokens by themselves know it',
  ),
  ...dataDirFlag,
};

type Server = typeof import('@tessera/server');

/**
 * Does work on the keys of the server that is configured here, which may be running.
 *
 * @throws {LocalError} for every failure: it is about this machine's files
 */
export async function onKeys<Result>(
  dataDir: string | null,
  { context, globals }: Invocation,
  work: (server: Server, config: Config) => Promise<Result>,
): Promise<Result> {
  try {
    const server = await import('@tessera/server');
    const env = dataDir === null ? context.env : { ...context.env, TESSERA_DATA_DIR: dataDir };
    const source = { env, workingDirectory: process.cwd(), configFile: globals.configfile };
    return await work(server, await server.loadConfig(source));
  } catch (error) {
    throw error instanceof Error ? new LocalError(error.message) : error;
  }
}

/** One key, for people or, with `--json`, for programs. */
export function printKey(key: KeyReport, { context, globals }: Invocation): void {
  if (globals.json) printAnswer({ status: 200, body: { ...key } }, context);
  else printLine(describeKey(key), context);
}

export function describeKey({ kid, use, alg, state, signsFrom, removedAt, certificate }: KeyReport): string {
  const times = {
    published: `signs from ${signsFrom}`,
    signing: 'signs',
    retired: `verifies until ${removedAt ?? 'further notice'}`,
  };
  const vouched = certificate === null ? '' : `, certificate until ${certificate.expiresAt.slice(0, 10)}`;
  return `${kid}  ${use} ${alg}  ${times[state]}${vouched}`;
}
