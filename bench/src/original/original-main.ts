/**
 * Makes calls through the original library, in a process of its own: it keeps its state in its modules, writes to a global
 * log, and on some adapters never answers.
 *
 * Started with an IPC channel; each `OriginalJob` gets a fresh copy of the library, and a list of `OriginalResult`.
 * @module
 */
import { createRequire } from 'node:module';
import {
  loadOriginal,
  type OriginalLibrary,
  type OriginalResult,
  type RequestHandler,
  silent,
} from './original-library.ts';

export interface OriginalCall {
  readonly method: string;
  /** From the root; no base path and no version is put before it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

export interface OriginalJob {
  readonly home: string;
  readonly properties: object;
  readonly calls: readonly OriginalCall[];
  readonly order: 'one-by-one' | 'at-once';
  /** How long to wait for each answer; one that does not come is null. */
  readonly patienceMs: number;
}

const require = createRequire(import.meta.url);

process.on('message', async (job: OriginalJob) => process.send?.(await run(job)));
// Some adapters make it throw where nobody listens; the others are still to be tried.
process.on('uncaughtException', silent);
process.on('unhandledRejection', silent);

async function run({ home, properties, calls, order, patienceMs }: OriginalJob): Promise<unknown> {
  const handler = new (freshLibrary().RequestHandler)('original', properties, home);
  const make = (call: OriginalCall): Promise<OriginalResult | null> => answerOf(handler, call, patienceMs);
  if (order === 'at-once') return Promise.all(calls.map(make));
  const results: (OriginalResult | null)[] = [];
  for (const call of calls) results.push(await make(call));
  return results;
}

/** Its modules keep tokens and settings: they are loaded anew, and what they stand on is not. */
function freshLibrary(): OriginalLibrary {
  for (const path of Object.keys(require.cache))
    if (/adapter-utils[\\/]lib[\\/]|adapter-utils[\\/]index/.test(path)) delete require.cache[path];
  return loadOriginal(require);
}

function answerOf(
  handler: RequestHandler,
  call: OriginalCall,
  patienceMs: number,
): Promise<OriginalResult | null> {
  const { promise, resolve } = Promise.withResolvers<OriginalResult | null>();
  const patience = setTimeout(() => resolve(null), patienceMs);
  handler.genericAdapterRequestNoBasePath(
    call.path,
    call.method,
    call.query ?? {},
    call.body ?? {},
    {},
    (answer, error) => {
      const { icode = '', response = null } = answer ?? error ?? {};
      resolve({ icode, response });
    },
  );
  return promise.finally(() => clearTimeout(patience));
}
