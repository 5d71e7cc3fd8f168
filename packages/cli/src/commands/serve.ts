/** `serve` @module */

import { type Command, defineCommand } from '../program/command.ts';
import { ExitError } from '../program/errors.ts';

export const command: Command = defineCommand({
  flags: {},
  examples: ({ name }) => [
    `${name} serve`,
    `TESSERA_PORT=8443 TESSERA_TLS_CERT=cert.pem TESSERA_TLS_KEY=key.pem ${name} serve`,
    `${name} serve --configfile /etc/tessera.yaml`,
  ],
  run: async (_, { context, globals }) => {
    const { runServer } = await import('@tessera/server');
    const { env, stdout, stderr } = context;
    const configFile = globals.configfile === null ? {} : { configFile: globals.configfile };
    const code = await runServer({ ...configFile, env, stdout, stderr });
    if (code !== 0) throw new ExitError(code);
  },
});
