/** `adapter call` @module */
import type { Call, CallResult } from '@tessera/client';
import { adapterFlags, adapterWord } from '../../adapter/adapter-flags.ts';
import { printDryRun } from '../../adapter/print-dry-run.ts';
import { withAdapter } from '../../adapter/with-adapter.ts';
import { type Command, defineCommand } from '../../program/command.ts';
import type { Context } from '../../program/context.ts';
import { UsageError } from '../../program/errors.ts';
import { repeatedFlag, requiredText, switchFlag, textFlag } from '../../program/flag.ts';
import { printLine } from '../../terminal/print.ts';
import { readAll } from '../../terminal/read-all.ts';
import { readInputFile } from '../../terminal/read-input-file.ts';

export const command: Command = defineCommand({
  flags: {
    ...adapterFlags,
    data: textFlag('the body; @FILE: from a file, @-: from standard input', {
      placeholder: 'TEXT|@FILE',
      completion: 'file',
    }),
    header: repeatedFlag('a header; may be given several times', { placeholder: 'NAME: VALUE' }),
    'dry-run': switchFlag('show both requests, secrets masked, and send nothing'),
  },
  words: {
    ...adapterWord,
    method: requiredText('GET, POST, …', { placeholder: 'METHOD' }),
    path: requiredText('begins with /, and may name {base_path} and {version}', { placeholder: 'PATH' }),
  },
  examples: ({ name }) => [
    `${name} adapter call ./adapter-nms GET '/api/{version}/widgets?limit=5' --properties service.json`,
    `${name} adapter call ./adapter-nms POST /api/v1/widgets --data @widget.json --properties service.json`,
    `${name} adapter call ./adapter-nms DELETE /api/v1/widgets/42 --properties service.json --dry-run`,
  ],
  run: async (options, invocation) => {
    const call = await callOf(options, invocation.context);
    await withAdapter(options, invocation, async (client) => {
      if (options['dry-run']) return printDryRun(await client.dryRun(call), invocation);
      printResult(await client.request(call), invocation.context, invocation.globals.json ? 'all' : 'body');
    });
  },
});

interface CallWords {
  readonly method: string;
  readonly path: string;
  readonly properties: string;
  readonly data: string | null;
  readonly header: readonly string[];
}

/** @throws {UsageError} @throws {LocalError} */
async function callOf(
  { method, path, properties, data, header }: CallWords,
  context: Context,
): Promise<Call> {
  if (!/^[A-Za-z]+$/.test(method)) throw new UsageError('METHOD is a word such as GET or POST');
  if (data === '@-' && properties === '-')
    throw new UsageError('standard input cannot be both the configuration and the body');
  const headers = Object.fromEntries(header.map(readHeader));
  const body = data === null ? null : await bodyOf(data, context);
  if (body === null) return { method, path, headers };
  const isTyped = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  const type = isTyped || !isJson(body) ? {} : { 'Content-Type': 'application/json' };
  return { method, path, headers: { ...headers, ...type }, body };
}

function readHeader(text: string): [string, string] {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new UsageError('--header takes NAME: VALUE');
  return [name, value];
}

async function bodyOf(data: string, { stdin }: Context): Promise<Uint8Array> {
  if (!data.startsWith('@')) return Buffer.from(data);
  return data === '@-' ? readAll(stdin) : readInputFile(data.slice(1));
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(bytes).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function printResult({ status, attempts, body }: CallResult, context: Context, what: 'all' | 'body'): void {
  if (what === 'all') printLine(JSON.stringify({ status, attempts, body: shown(body) }, null, 2), context);
  else if (body instanceof Uint8Array || typeof body === 'string') context.stdout.write(body);
  else if (body !== null) printLine(JSON.stringify(body, null, 2), context);
}

/** Bytes that are no text, for JSON. */
const shown = (body: unknown): unknown =>
  body instanceof Uint8Array ? Buffer.from(body).toString('base64') : body;
