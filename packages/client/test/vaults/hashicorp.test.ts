/** HashiCorp Vault: the common guarantees over HTTPS, and those of its own. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secret } from '../../../../test/harness/run-folder.ts';
import { hashicorpVault, Secret, type SecretVault } from '../../src/index.ts';
import { authorityPem, localhostPem } from '../certificates.ts';
import { refusal, vaultConformance } from './conformance.ts';
import { type HashicorpServer, startHashicorp } from './hashicorp-server.ts';

const token = secret('hvs.the-token-of-this-test');
const expected = { token, namespace: 'teams/one' };

function open(
  { url }: Pick<HashicorpServer, 'url'>,
  over: { token?: string; namespace?: string } = {},
): SecretVault {
  return hashicorpVault({
    vault: 'team',
    connection: { url, verification: 'verify', trustedPem: authorityPem, timeoutMs: 5000, trace: null },
    token: () => new Secret(over.token ?? token),
    namespace: over.namespace ?? 'teams/one',
    mount: 'secret',
    folder: 'tessera/ci',
    field: 'value',
  });
}

vaultConformance('hashicorp', async (t) => {
  const server = await startHashicorp(t, localhostPem, expected);
  return () => open(server);
});

test('of two who have read the same value, the second to write is told, and overwrites nothing', async (t) => {
  const server = await startHashicorp(t, null, expected);
  const [one, other] = [open(server), open(server)];
  await one.set('shared', secret('value-at-first'));
  await Promise.all([one.get('shared'), other.get('shared')]);
  await one.set('shared', secret('value-of-winner'));
  await assert.rejects(other.set('shared', secret('value-of-loser')), refusal('exists'));
  assert.equal(await other.get('shared'), 'value-of-winner');
  await other.set('shared', secret('value-after-reading'));
  assert.equal(await one.get('shared'), 'value-after-reading');
});

test('of ten who set with noClobber at once, one wins and nine are told', async (t) => {
  const server = await startHashicorp(t, null, expected);
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) => open(server).set('new', `value-${index}`, { noClobber: true })),
  );
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const result of results) if (result.status === 'rejected') refusal('exists')(result.reason);
});

test('secrets lie where the path says, with their names readable and nothing to climb by', async (t) => {
  const server = await startHashicorp(t, null, expected);
  await open(server).set('us.nectar.services-accesstoken', 'v');
  await open(server).set('../../sys/x', 'v');
  assert.deepEqual(
    [...server.entries.keys()],
    ['tessera/ci/us.nectar.services-accesstoken', 'tessera/ci/..=2f..=2fsys=2fx'],
  );
});

test('an entry of several fields, made by somebody else, is read as JSON', async (t) => {
  const server = await startHashicorp(t, null, expected);
  server.entries.set('tessera/ci/db', {
    version: 3,
    data: { user: 'ada', password: secret('value-in-field') },
  });
  assert.deepEqual(JSON.parse((await open(server).get('db')) ?? ''), {
    user: 'ada',
    password: 'value-in-field',
  });
});

test('a deleted version is nothing, and a write takes its place', async (t) => {
  const server = await startHashicorp(t, null, expected);
  server.entries.set('tessera/ci/old', { version: 4, data: null });
  assert.equal(await open(server).get('old'), null);
  await open(server).set('old', 'again', { noClobber: true });
  assert.equal(server.entries.get('tessera/ci/old')?.version, 5);
});

test('a wrong token, another namespace, a sealed or absent server: each says so', async (t) => {
  const server = await startHashicorp(t, null, expected);
  await assert.rejects(open(server, { token: secret('value-of-wrong-token') }).get('a'), refusal('denied'));
  await assert.rejects(open(server, { namespace: 'other' }).get('a'), refusal('denied'));
  server.state = 'sealed';
  await assert.rejects(open(server).get('a'), refusal('unavailable'));
  await assert.rejects(open({ url: new URL('http://127.0.0.1:9') }).get('a'), refusal('unavailable'));
});

test('a token that may not write is found out before there is something to write', async (t) => {
  const server = await startHashicorp(t, null, expected);
  server.state = 'read-only';
  await assert.rejects(async () => open(server).prepareWrite?.('a'), refusal('denied'));
  await assert.rejects(open(server).set('a', 'value-unwanted'), refusal('denied'));
  assert.equal(server.entries.size, 0);
});
