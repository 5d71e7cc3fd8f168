/** The requests that would be sent. @module */
import type { DryRun } from '@tessera/client';
import type { Invocation } from '../program/command.ts';
import { printLine } from '../terminal/print.ts';

export function printDryRun(shown: DryRun, { context, globals }: Invocation): void {
  printLine(globals.json ? JSON.stringify(shown, null, 2) : shown.toString(), context);
}
