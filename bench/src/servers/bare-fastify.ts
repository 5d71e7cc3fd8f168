/** The bare Fastify route as a process, on a copy of an installation's database. @module */
import { copyFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { writeToken } from './bare-token.ts';
import { serverCore } from './cores.ts';
import { type RunningServer, startPinned } from './pinned-process.ts';
import { databaseFileOf, type Installation } from './tessera.ts';

const mainFile = fileURLToPath(new URL('bare-fastify-main.ts', import.meta.url));

export interface BareFastify extends RunningServer {
  readonly refreshTokens: readonly string[];
}

/** @param installation whose server does not run yet, so that its file is whole */
export async function startBareFastify(
  installation: Installation,
  copy: string,
  tokens: number,
): Promise<BareFastify> {
  copyFileSync(databaseFileOf(installation), copy);
  const refreshTokens = tokensOf(copy, tokens);
  const server = await startPinned({ cores: [serverCore], args: [mainFile], env: { DATABASE: copy } });
  return { ...server, refreshTokens };
}

/** Of sessions spread evenly over the file, as Tessera's own are. */
function tokensOf(file: string, count: number): string[] {
  using database = new DatabaseSync(file, { readOnly: true });
  const ids = database.prepare('select id from sessions order by id').all() as { id: string }[];
  const every = ids.length / count;
  return ids.filter((_, at) => at % every < 1).map(({ id }) => writeToken({ id, generation: 1 }));
}
