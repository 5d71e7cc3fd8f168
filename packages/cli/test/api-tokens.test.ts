/** `api-tokens` and `sessions`, against a real server. @module */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { secret } from '../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../test/harness/server.ts';
import { hostOf, newAdministrator, type PairUser } from './pair-user.ts';

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

interface Listed {
  readonly apiTokens: readonly { readonly id: string; readonly name: string; readonly state: string }[];
}

async function list(user: PairUser, ...flags: string[]): Promise<Listed['apiTokens']> {
  const { code, stdout, stderr } = await user.tessera(['api-tokens', 'list', ...flags]);
  assert.equal(code, 0, stderr);
  return (JSON.parse(stdout) as Listed).apiTokens;
}

test('generate shows both values once, which register takes as they are printed; list never shows them; revoke ends them', async (t) => {
  const user = await newAdministrator(t, server);
  const line = ['api-tokens', 'generate', '--name', 'nightly report', '--validity-days', '90'];
  const generated = await user.tessera(line);
  assert.equal(generated.code, 0, generated.stderr);
  const shown = JSON.parse(generated.stdout) as { id: string; accessToken: string; refreshToken: string };
  secret(shown.accessToken);
  assert.match(secret(shown.refreshToken), /^[A-Za-z0-9]{64}$/);
  const registered = await user.tessera(['register', hostOf(server), '--stdin'], { input: generated.stdout });
  assert.equal(registered.code, 0);
  assert.equal((await user.tessera(['connect', hostOf(server), '--use-token'])).code, 0);

  const { stdout } = await user.tessera(['api-tokens', 'list']);
  assert.ok(!stdout.includes(shown.accessToken) && !stdout.includes(shown.refreshToken));
  assert.equal((await list(user)).find(({ id }) => id === shown.id)?.name, 'nightly report');
  for (const _ of [1, 2]) {
    const revoked = await user.tessera(['api-tokens', 'revoke', shown.id]);
    assert.deepEqual([revoked.code, revoked.stdout], [0, 'API token revoked\n']);
  }
  assert.equal((await list(user, '--state', 'revoked')).find(({ id }) => id === shown.id)?.state, 'revoked');
  const called = await user.tessera(['call', '/account/v1/me']);
  assert.equal(called.code, 3);
});

test('with --register the values go into a vault and are shown to nobody', async (t) => {
  const user = await newAdministrator(t, server);
  const line = ['api-tokens', 'generate', '--name', 'kept', '--register', '--identifier', 'kept'];
  const { code, stdout } = await user.tessera(line);
  const name = `${hostOf(server)}-kept-accesstoken`;
  assert.deepEqual([code, stdout], [0, `generated "kept", stored as ${name} in the vault "local"\n`]);
  const stored = await user.stored(name);
  assert.ok(!stdout.includes(secret(stored?.accessToken ?? 'nothing')));
  assert.equal(
    (await user.tessera(['connect', hostOf(server), '--use-token', '--identifier', 'kept'])).code,
    0,
  );
});

test('where the vault cannot be opened, no token is generated that nobody could keep', async (t) => {
  const user = await newAdministrator(t, server);
  const env = { TESSERA_VAULT_KEY_FILE: '' };
  const { code } = await user.tessera(['api-tokens', 'generate', '--name', 'unkept', '--register'], { env });
  assert.equal(code, 5);
  assert.ok((await list(user)).every(({ name }) => name !== 'unkept'));
});

test('what the server refuses, and what is not understood', async (t) => {
  const user = await newAdministrator(t, server);
  assert.equal((await user.tessera(['api-tokens', 'generate', '--name', 'twice'])).code, 0);
  const twice = await user.tessera(['api-tokens', 'generate', '--name', 'twice']);
  assert.equal(twice.code, 1);
  assert.equal((JSON.parse(twice.stderr) as { status: number }).status, 409);
  for (const line of [
    ['api-tokens', 'generate'],
    ['api-tokens', 'generate', '--name', 'x', '--validity-days', '1.5'],
    ['api-tokens', 'generate', '--name', 'x', '--identifier', 'y'],
    ['api-tokens', 'list', '--state', 'dead'],
    ['api-tokens', 'revoke'],
    ['sessions', 'end'],
    ['sessions', 'end', 'x', '--others'],
    ['sessions', 'end', 'x', '--sign-ins'],
  ]) {
    assert.equal((await user.tessera(line)).code, 2, line.join(' '));
  }
  assert.equal((await user.tessera(['api-tokens', 'revoke', '../me'])).code, 1);
});

interface Sessions {
  readonly sessions: readonly { readonly id: string; readonly kind: string; readonly current: boolean }[];
}

test('sessions are listed, one is ended, and then all others', async (t) => {
  const [user, other] = [await newAdministrator(t, server), await newAdministrator(t, server)];
  const sessions = async (): Promise<Sessions['sessions']> =>
    (JSON.parse((await user.tessera(['sessions', 'list', '--limit', '100'])).stdout) as Sessions).sessions;
  const signIns = (await sessions()).filter(({ kind, current }) => kind === 'sign-in' && !current);
  const [newest] = signIns;
  assert.equal((await user.tessera(['sessions', 'end', newest?.id ?? ''])).stdout, 'session ended\n');
  const refused = await other.tessera(['api-tokens', 'list']);
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /sign in with tessera login/);
  await user.tessera(['api-tokens', 'generate', '--name', 'survivor']);
  assert.equal((await user.tessera(['sessions', 'end', '--others', '--sign-ins'])).code, 0);
  assert.ok((await sessions()).some(({ kind }) => kind === 'api-token'));
  assert.equal((await user.tessera(['sessions', 'end', '--others'])).stdout, 'all other sessions ended\n');
  assert.deepEqual(
    (await sessions()).filter(({ current }) => !current),
    [],
  );
});
