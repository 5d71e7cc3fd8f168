/** Where a server of this machine keeps its data. @module */
import { resolve } from 'node:path';
import type { Invocation } from '../program/command.ts';
import { type Flag, textFlag } from '../program/flag.ts';

export const dataDirFlag: { readonly 'data-dir': Flag<string | null> } = {
  'data-dir': textFlag("the server's data directory; TESSERA_DATA_DIR or ./data if left out", {
    placeholder: 'DIR',
    completion: 'file',
  }),
};

/** Absolute path. */
export function dataDirOf(given: string | null, { context }: Invocation): string {
  return resolve(given || context.env.TESSERA_DATA_DIR || 'data');
}
