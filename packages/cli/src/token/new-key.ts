/** The shared key that an application is to have: from a file, or made by the server. @module */
import { Secret } from '@tessera/client';
import { type Flag, type OptionsOf, textFlag } from '../program/flag.ts';
import { readInputFile } from '../terminal/read-input-file.ts';

export const newKeyFlags: { readonly 'signing-key-file': Flag<string | null> } = {
  'signing-key-file': textFlag('its signing key; the server makes one if left out', {
    placeholder: 'FILE',
    completion: 'file',
  }),
};

/** One final newline is dropped. @throws {LocalError} a file that cannot be read */
export function readNewKey(options: OptionsOf<typeof newKeyFlags>): { readonly signingKey?: Secret } {
  const file = options['signing-key-file'];
  if (file === null) return {};
  const text = readInputFile(file).toString('utf8');
  return { signingKey: new Secret(text.replace(/\r?\n$/, '')) };
}
