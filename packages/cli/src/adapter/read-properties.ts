/** The service configuration of an adapter, as it is given on the command line. @module */
import type { Context } from '../program/context.ts';
import { LocalError } from '../program/errors.ts';
import { readAll } from '../terminal/read-all.ts';
import { readInputFile } from '../terminal/read-input-file.ts';

/**
 * @param file `-`: standard input
 * @throws {LocalError} it cannot be read, or is no JSON; nothing of it is repeated, since it holds a password
 */
export async function readProperties(file: string, context: Context): Promise<unknown> {
  const bytes = file === '-' ? await readAll(context.stdin) : readInputFile(file);
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, '')) as unknown;
  } catch (error) {
    const name = file === '-' ? 'standard input' : file;
    const where = /line \d+ column \d+/.exec(error instanceof Error ? error.message : '')?.[0];
    throw new LocalError(`${name} is no JSON${where === undefined ? '' : ` (${where})`}`);
  }
}
