/** What a command answers, and what it has to say beside that. @module */
import type { Answer } from '@tessera/client';
import type { Invocation } from '../program/command.ts';
import type { Context } from '../program/context.ts';

/** Indented JSON on standard output; nothing for an empty answer. */
export function printAnswer({ body }: Answer, { stdout }: Context): void {
  if (body !== null) stdout.write(`${JSON.stringify(body, null, 2)}\n`);
}

export type Fields = Readonly<Record<string, unknown>>;

/** What a grant says beside the tokens it gives, which are for the configuration file alone. */
export function printWithoutTokens({ token: _, refresh_token: __, ...body }: Fields, context: Context): void {
  printAnswer({ status: 200, body }, context);
}

export function printLine(line: string, { stdout }: Context): void {
  stdout.write(`${line}\n`);
}

export function warn(message: string, { stderr }: Context): void {
  stderr.write(`warning: ${message}\n`);
}

/** Only where a human reads: what a script collects on standard error stays free of it. */
export function remark(message: string, { stderr }: Context): void {
  if (stderr.isTTY === true) stderr.write(`${message}\n`);
}

/** One line for a human, or with `--json` the fields for a program. */
export function printFields(fields: Fields, line: string, { context, globals }: Invocation): void {
  if (globals.json || globals.respfmt === 'json') printAnswer({ status: 200, body: fields }, context);
  else printLine(line, context);
}
