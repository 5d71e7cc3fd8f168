/** What all commands about an adapter take. @module */
import { type Flag, requiredText } from '../program/flag.ts';

export const adapterFlags: { readonly properties: Flag<string> } = {
  properties: requiredText('the service configuration, a JSON file; "-": from standard input', {
    placeholder: 'FILE|-',
    completion: 'file',
  }),
};

export const adapterWord: { readonly dir: Flag<string> } = {
  dir: requiredText("the adapter's folder, or its entities/.system", {
    placeholder: 'DIR',
    completion: 'file',
  }),
};
