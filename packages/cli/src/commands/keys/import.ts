/** `keys import` @module */
import { type Command, defineCommand } from '../../program/command.ts';
import { requiredText, textFlag } from '../../program/flag.ts';
import { onKeys, printKey, startFlags, useFlag, usualUse } from '../../server/key-flags.ts';
import { readInputFile } from '../../terminal/read-input-file.ts';

export const command: Command = defineCommand({
  flags: {
    key: requiredText('the private key, in PEM', { placeholder: 'FILE', completion: 'file' }),
    cert: textFlag("its certificate and those of the issuers, in PEM, the key's own first", {
      placeholder: 'FILE',
      completion: 'file',
    }),
    'passphrase-file': textFlag('holds the passphrase of an encrypted key in its first line', {
      placeholder: 'FILE',
      completion: 'file',
    }),
    use: useFlag,
    ...startFlags,
  },
  examples: ({ name }) => [
    `${name} keys import --cert chain.pem --key key.pem`,
    `${name} keys import --cert chain.pem --key key.pem --passphrase-file phrase.txt --at-once`,
  ],
  run: async (options, invocation) => {
    const { key, cert, use, 'passphrase-file': phrase, 'at-once': atOnce, 'data-dir': dataDir } = options;
    const imported = await onKeys(dataDir, invocation, (server, config) =>
      server.importKey(config, {
        use: use ?? usualUse,
        keyPem: readInputFile(key).toString('utf8'),
        chainPem: cert === null ? null : readInputFile(cert).toString('utf8'),
        passphrase:
          phrase === null ? null : (readInputFile(phrase).toString('utf8').split(/\r?\n/, 1)[0] ?? ''),
        start: atOnce ? 'at-once' : 'when-published',
      }),
    );
    printKey(imported, invocation);
  },
});
