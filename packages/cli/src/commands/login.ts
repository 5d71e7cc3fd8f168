/** `login` @module */
import { commandByDialect } from '../connect/by-dialect.ts';
import { keepRefreshToken } from '../login/keep-refresh-token.ts';
import { keepTokenPair } from '../login/keep-token-pair.ts';
import type { Command } from '../program/command.ts';

export const command: Command = commandByDialect(
  { ciphertrust: keepRefreshToken, nebularstack: keepTokenPair },
  ({ name }) => [
    `${name} login --user admin --url https://tessera.example.com`,
    `${name} login --user admin --days 10 --hours 10`,
    `${name} login --user admin --password-stdin --configfile ci.yaml < password.txt`,
    `${name} login --dialect nebularstack --user mia --domain acme.example`,
    `${name} login --dialect nebularstack --user mia --auth-domain acme.example --domain other.example --tenant "$TENANT_ID"`,
    `${name} login        # renews the stored login`,
  ],
  'made',
);
