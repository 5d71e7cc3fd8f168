/** What a command answers, and what it has to say beside that. @module */
import type { Answer } from '@tessera/client';
import type { Context } from '../program/context.ts';

/** Indented JSON on standard output; nothing for an empty answer. */
export function printAnswer({ body }: Answer, { stdout }: Context): void {
  if (body !== null) stdout.write(`${JSON.stringify(body, null, 2)}\n`);
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
