/** The payload of a token that is to be granted: a JSON file and single entries, in this order. @module */
import { type JsonValue, parseStrictMembers } from '@tessera/token';
import type { Context } from '../program/context.ts';
import { UsageError } from '../program/errors.ts';
import { readAll } from '../terminal/read-all.ts';
import { readInputFile } from '../terminal/read-input-file.ts';

/**
 * @param file of a JSON object; `-`: standard input; null: none
 * @param entries `KEY=VALUE`, the value as text
 * @throws {UsageError} what is neither, or a key twice @throws {LocalError} a file that cannot be read
 */
export async function readPayload(
  file: string | null,
  entries: readonly string[],
  context: Context,
): Promise<ReadonlyMap<string, JsonValue>> {
  const payload = new Map<string, JsonValue>(file === null ? [] : await readFile(file, context));
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    if (equals < 1) throw new UsageError('--payload takes KEY=VALUE');
    const key = entry.slice(0, equals);
    if (payload.has(key)) throw new UsageError(`payload key ${JSON.stringify(key)} is given twice`);
    payload.set(key, entry.slice(equals + 1));
  }
  return payload;
}

async function readFile(file: string, context: Context): Promise<ReadonlyMap<string, JsonValue>> {
  const text =
    file === '-' ? (await readAll(context.stdin)).toString('utf8') : readInputFile(file).toString('utf8');
  const members = parseStrictMembers(text);
  if (members === null) throw new UsageError('--payload-json takes a JSON object in which no name is twice');
  return members;
}
