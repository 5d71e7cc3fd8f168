/** Azure Key Vault by Microsoft's own client: the common guarantees over HTTPS, and those of its own. @module */
import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { secret } from '../../../../test/harness/run-folder.ts';
import { azureVault, type SecretVault } from '../../src/index.ts';
import { authorityPem, localhostPem } from '../certificates.ts';
import { type AzureServer, startAzure } from './azure-server.ts';
import { refusal, vaultConformance } from './conformance.ts';

const token = secret('azure-token-of-this-test');

function open({ url }: Pick<AzureServer, 'url'>, given = token): SecretVault {
  return azureVault({
    name: 'cloud',
    url: url.href,
    credential: { getToken: async () => ({ token: given, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    clientOptions: {
      disableChallengeResourceVerification: true,
      tlsOptions: { ca: authorityPem },
      retryOptions: { maxRetries: 0 },
    },
  });
}

vaultConformance('azure', async (t) => {
  const server = await startAzure(t, localhostPem, token);
  return () => open(server);
});

test('a name becomes letters, digits and hyphens, and stands in clear in a tag', async (t) => {
  const server = await startAzure(t, localhostPem, token);
  await open(server).set('us.nectar.services-Nightly', 'v');
  assert.deepEqual(
    [...server.secrets].map(([name, { tags }]) => [name, tags]),
    [['us-2enectar-2eservices-2d-4eightly', { name: 'us.nectar.services-Nightly' }]],
  );
  await assert.rejects(open(server).set('.'.repeat(43), 'value-unwanted'), refusal('too_large'));
  await assert.rejects(async () => open(server).set('a', 'v'.repeat(25_001)), refusal('too_large'));
});

test('credentials that are refused, and a vault that is not there: each says so', async (t) => {
  const server = await startAzure(t, localhostPem, token);
  await assert.rejects(open(server, secret('value-of-wrong-token')).get('a'), refusal('denied'));
  await assert.rejects(open({ url: new URL('https://127.0.0.1:9') }).get('a'), refusal('unavailable'));
});

test('a package that is not installed is named, with the line that installs it', async () => {
  for (const [missing, credential] of [
    ['@azure/keyvault-secrets', { getToken: async () => null }],
    ['@azure/identity', null],
  ] as const) {
    const hooks = registerHooks({
      resolve: (specifier, context, next) => {
        if (specifier !== missing) return next(specifier, context);
        throw Object.assign(new Error(`Cannot find package '${missing}'`), { code: 'ERR_MODULE_NOT_FOUND' });
      },
    });
    const vault = azureVault({
      name: 'cloud',
      url: 'https://x.vault.azure.net',
      credential,
      clientOptions: {},
    });
    await assert.rejects(vault.get('a'), (error: Error) => {
      refusal('unavailable')(error);
      assert.match(error.message, new RegExp(`run: npm install ${missing}$`));
      return true;
    });
    hooks.deregister();
  }
});
