/** The server that a command names with `--server` instead of the configured one. @module */
import type { Invocation } from '../program/command.ts';
import { type Flag, textFlag } from '../program/flag.ts';

export const serverFlag: Flag<string | null> = textFlag('the Tessera server, instead of the configured one', {
  placeholder: 'HOST',
});

/** A bare host is asked over https. */
export function atServer(server: string | null, invocation: Invocation): Invocation {
  if (server === null) return invocation;
  const url = /^https?:\/\//i.test(server) ? server : `https://${server}`;
  return { ...invocation, globals: { ...invocation.globals, url } };
}
