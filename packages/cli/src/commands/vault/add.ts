/** `vault add` @module */
import { resolve } from 'node:path';
import { makeKeyFile, vaultKinds } from '@tessera/client';
import { type Command, defineCommand } from '../../program/command.ts';
import { UsageError } from '../../program/errors.ts';
import { choiceFlag, repeatedFlag, requiredText, switchFlag } from '../../program/flag.ts';
import { printFields, remark } from '../../terminal/print.ts';
import { openVaults } from '../../vaults/open-vaults.ts';

/** Options that are paths, which somebody types as seen from where they are. */
const paths: ReadonlySet<string> = new Set(['path', 'keyFile', 'passphraseFile', 'tokenFile', 'caFile']);

export const command: Command = defineCommand({
  flags: {
    kind: choiceFlag('what keeps the secrets', vaultKinds),
    option: repeatedFlag('an option of that kind; may be given several times', {
      short: 'o',
      placeholder: 'KEY=VALUE',
    }),
    default: switchFlag('make it the default'),
  },
  words: { name: requiredText('what to call it', { placeholder: 'NAME' }) },
  examples: ({ name }) => [
    `${name} vault add local --kind file`,
    `${name} vault add ci --kind file --option keyFile=/etc/tessera/vault.key        # makes the key if there is none`,
    `${name} vault add mine --kind keychain --default`,
    `${name} vault add team --kind hashicorp --option addr=https://vault.example.com:8200 --option path=tessera/ci`,
    `${name} vault add cloud --kind azure --option url=https://example.vault.azure.net`,
    `${name} vault add env --kind environment`,
    `${name} vault add keeper --kind helper --option command=/usr/local/bin/keeper-helper`,
  ],
  run: async ({ name, kind, option, default: isDefault }, invocation) => {
    if (kind === null) throw new UsageError(`required: --kind ${vaultKinds.join('|')}`);
    const options = readOptions(option, kind);
    const vaults = openVaults({ 'passphrase-stdin': false }, invocation);
    await vaults.register({ name, kind, options });
    if (isDefault) await vaults.setDefault(name);
    if (options.keyFile !== undefined && (await makeKeyFile(options.keyFile)))
      remark(
        `A new key is in ${options.keyFile}. Whoever loses it loses the vault: keep a copy elsewhere.`,
        invocation.context,
      );
    printFields({ name, kind, options, isDefault }, `vault "${name}" registered`, invocation);
  },
});

function readOptions(lines: readonly string[], kind: string): Record<string, string> {
  const entries = lines.map((line) => {
    const equals = line.indexOf('=');
    if (equals < 1) throw new UsageError('an option is written as KEY=VALUE');
    const [key, value] = [line.slice(0, equals), line.slice(equals + 1)];
    const isPath = paths.has(key) && !(kind === 'hashicorp' && key === 'path');
    return [key, isPath && kind !== 'helper' ? resolve(value) : value] as const;
  });
  return Object.fromEntries(entries);
}
