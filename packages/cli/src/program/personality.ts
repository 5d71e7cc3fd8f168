/** What the program is called decides whose files and variables it uses. @module */

export interface Personality {
  readonly name: 'tessera' | 'ksctl';
  /** Begins every configuration key and environment variable. */
  readonly prefix: 'TESSERA_' | 'KSCTL_';
  /** Folder in the home directory. */
  readonly folder: '.tessera' | '.ksctl';
}

const tessera: Personality = { name: 'tessera', prefix: 'TESSERA_', folder: '.tessera' };
const ksctl: Personality = { name: 'ksctl', prefix: 'KSCTL_', folder: '.ksctl' };

/** @param invokedAs path or name the program was started by: `/usr/bin/ksctl`, `ksctl.exe`, `ksctl-linux-amd64`, … */
export function personalityOf(invokedAs: string): Personality {
  const file = invokedAs.split(/[/\\]/).at(-1) ?? '';
  return /^ksctl(?:[.-]|$)/i.test(file) ? ksctl : tessera;
}
