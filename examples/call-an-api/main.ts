/**
 * Calls the API of a running Tessera server with a refresh token that is kept in a file.
 *
 *     ksctl tokens create --user admin --url http://127.0.0.1:8420 --issue-rt | jq -r .refresh_token > refresh-token
 *     node examples/call-an-api/main.ts http://127.0.0.1:8420 refresh-token
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { createTokenClient, type Secret, TokenClientError } from '@tessera/client';
import { writeAtomically } from '@tessera/client/files/write-atomically';

const [url = 'http://127.0.0.1:8420', file = 'refresh-token'] = process.argv.slice(2);

const client = createTokenClient({
  baseUrl: url,
  token: {
    kind: 'tessera',
    dialect: 'ciphertrust',
    url,
    refreshToken: {
      load: async () => readFileSync(file, 'utf8').trim(),
      // The old one is spent by now: half a file would be none.
      save: async (next: Secret) => writeAtomically(file, `${next.reveal()}\n`),
    },
  },
  onEvent: (event) => console.error(JSON.stringify(event)),
});

try {
  const [self, domains] = await Promise.all([
    client.request({ path: '/api/v1/auth/self/user' }),
    client.request({ path: '/api/v1/auth/self/domains', query: { limit: 5 } }),
  ]);
  const { username } = self.body as { readonly username: string };
  const { total } = domains.body as { readonly total: number };
  console.log(`${username} may act in ${total} domain(s)`);
} catch (error) {
  if (!(error instanceof TokenClientError)) throw error;
  console.error(`${error.kind}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await client.close();
}
