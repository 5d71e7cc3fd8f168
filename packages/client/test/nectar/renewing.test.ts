/** Pairs are renewed so that none is spent and lost: against a real server, whose answers go astray. @module */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { secret } from '../../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../../test/harness/server.ts';
import { generatePair, generationOf, hostOf } from '../../../cli/test/pair-user.ts';
import {
  connect,
  createVaults,
  type Environment,
  memoryVault,
  NotAuthenticatedError,
  RefusedError,
  registerToken,
  renewPair,
  type SecretVault,
  UnreachableError,
  type Vaults,
} from '../../src/index.ts';
import { refusal } from '../vaults/conformance.ts';
import { temporaryFolder } from '../vaults/temporary-folder.ts';
import { openLosingDoor } from './losing-door.ts';

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const later = (): void => server.advance(7_201_000);
let count = 0;

interface Machine {
  readonly vaults: Vaults;
  stored(): Promise<{ accessToken: string; refreshToken: string; accessExpiresAt: string | null }>;
}

/** A program with one vault, in which a fresh pair for `host` lies. */
async function machine(
  t: Parameters<typeof temporaryFolder>[0],
  host: string,
  {
    vault = memoryVault({ name: 'm' }),
    nowMs = Date.now,
  }: { vault?: SecretVault; nowMs?: () => number } = {},
): Promise<Machine> {
  const vaults = createVaults({ folder: temporaryFolder(t), vaults: [vault], nowMs });
  if ((await vault.get(`${host}-accesstoken`)) === null) {
    const { accessToken, refreshToken } = await generatePair(server, `machine ${++count}`);
    await registerToken(vaults, { fqdn: host, accessToken, refreshToken });
  }
  return { vaults, stored: async () => JSON.parse((await vault.get(`${host}-accesstoken`)) ?? '') };
}

const open = (vaults: Vaults, host: string): Promise<Environment> =>
  connect(vaults, { fqdn: host, useToken: true, checkPath: null });

test('a lost answer is asked for again at once, and the pair that the server gave is the one that is kept', async (t) => {
  const door = await openLosingDoor(t, server.url);
  const { vaults, stored } = await machine(t, door.host);
  const environment = await open(vaults, door.host);
  later();
  door.lose = 2;
  door.refuse = 1;
  assert.equal((await environment.fetch('/account/v1/me')).status, 200);
  assert.equal(door.renewals(), 3);
  assert.equal(generationOf(secret((await stored()).accessToken)), 1);
});

test('where every answer is lost the old pair stays, and serves another day', async (t) => {
  const door = await openLosingDoor(t, server.url);
  const { vaults, stored } = await machine(t, door.host);
  const environment = await open(vaults, door.host);
  const before = await stored();
  later();
  door.lose = 100;
  await assert.rejects(environment.fetch('/account/v1/me'), UnreachableError);
  assert.deepEqual(await stored(), before);
  door.lose = 0;
  server.advance(3_600_000);
  assert.equal((await environment.fetch('/account/v1/me')).status, 200);
  assert.equal(generationOf((await stored()).accessToken), 1);
});

test('two machines that share a vault and renew at once both go on, with one generation', async (t) => {
  const door = await openLosingDoor(t, server.url);
  const vault = memoryVault({ name: 'shared' });
  const [one, other] = [await machine(t, door.host, { vault }), await machine(t, door.host, { vault })];
  const environments = await Promise.all([open(one.vaults, door.host), open(other.vaults, door.host)]);
  later();
  // Neither hears of its renewal before both have reached the server.
  const both = Promise.withResolvers<void>();
  let arrived = 0;
  door.onRenewed = async () => {
    arrived += 1;
    if (arrived === 2) both.resolve();
    await both.promise;
  };
  const answers = await Promise.all(environments.map((environment) => environment.fetch('/account/v1/me')));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200],
  );
  assert.equal(generationOf((await one.stored()).accessToken), 1);
  for (const environment of environments)
    assert.equal((await environment.fetch('/account/v1/me')).status, 200);
});

test('a vault that tells of a lost race is read again, and what the other machine stored is used', async (t) => {
  const host = hostOf(server);
  const inner = memoryVault({ name: 'cas' });
  let winner: string | null = null;
  const { VaultError } = await import('../../src/index.ts');
  const vault: SecretVault = {
    ...inner,
    set: async (name, value) => {
      if (winner === null) return inner.set(name, value);
      // Another machine has stored the same generation with a signature of its own.
      await inner.set(name, winner);
      throw new VaultError('exists', 'somebody else has changed this meanwhile');
    },
  };
  const { vaults, stored } = await machine(t, host, { vault });
  const environment = await open(vaults, host);
  later();
  const pair = await stored();
  const theirs = await renewPair({ fqdn: host, ...pair });
  const record = {
    ...pair,
    accessToken: theirs.accessToken.reveal(),
    refreshToken: theirs.refreshToken.reveal(),
  };
  winner = JSON.stringify({ ...record, accessExpiresAt: null });
  assert.equal((await environment.fetch('/account/v1/me')).status, 200);
  assert.equal((await stored()).accessToken, theirs.accessToken.reveal());
});

test('a refused pair is read again: if somebody has registered another meanwhile, that one is used', async (t) => {
  const host = hostOf(server);
  const inner = memoryVault({ name: 'replaced' });
  let isStale = true;
  const dead = JSON.stringify({
    v: 1,
    kind: 'nectar',
    fqdn: host,
    identifier: null,
    accessToken: 'a',
    refreshToken: 'b',
  });
  const vault: SecretVault = {
    ...inner,
    get: async (name) => (isStale ? dead : inner.get(name)),
    // By the time the server has refused the old pair, the other one is there.
    prepareWrite: async () => {
      isStale = false;
    },
  };
  const vaults = createVaults({ folder: temporaryFolder(t), vaults: [vault] });
  const environment = await open(vaults, host);
  const { accessToken, refreshToken } = await generatePair(server, `machine ${++count}`);
  const fresh = { v: 1, kind: 'nectar', fqdn: host, identifier: null, accessToken, refreshToken };
  await inner.set(`${host}-accesstoken`, JSON.stringify(fresh));
  assert.equal((await environment.fetch('/account/v1/me')).status, 200);
});

test('calls of one program that fail together renew once', async (t) => {
  const door = await openLosingDoor(t, server.url);
  const { vaults } = await machine(t, door.host);
  const environment = await open(vaults, door.host);
  later();
  const answers = await Promise.all(Array.from({ length: 10 }, () => environment.fetch('/account/v1/me')));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.equal(door.renewals(), 1);
});

test('a clock that is an hour behind or three ahead renews when it must, and not at every call', async (t) => {
  for (const offsetMs of [-3_600_000, 3 * 3_600_000]) {
    const door = await openLosingDoor(t, server.url);
    const { vaults } = await machine(t, door.host, { nowMs: () => Date.now() + offsetMs });
    later();
    for (let call = 0; call < 4; call += 1) {
      const environment = await open(vaults, door.host);
      assert.equal((await environment.fetch('/account/v1/me')).status, 200, `${offsetMs}`);
    }
    assert.equal(door.renewals(), 1, `${offsetMs}`);
  }
});

test('a token that lives no longer than a minute is not renewed at every call', async (t) => {
  const short = await startServer({ env: { NECTAR_ACCESS_TOKEN_SECONDS: '60' } });
  t.after(() => short.stop());
  const door = await openLosingDoor(t, short.url);
  const vaults = createVaults({ folder: temporaryFolder(t), vaults: [memoryVault({ name: 'm' })] });
  const { accessToken, refreshToken } = await generatePair(short, 'short');
  await registerToken(vaults, { fqdn: door.host, accessToken, refreshToken });
  for (let call = 0; call < 3; call += 1) {
    const environment = await open(vaults, door.host);
    assert.equal((await environment.fetch('/account/v1/me')).status, 200);
  }
  assert.equal(door.renewals(), 0);
  short.advance(61_000);
  assert.equal((await (await open(vaults, door.host)).fetch('/account/v1/me')).status, 200);
  assert.equal(door.renewals(), 1);
});

test('renew() renews now and stores; a second program goes on with what it stored', async (t) => {
  const host = hostOf(server);
  const { vaults, stored } = await machine(t, host);
  const environment = await connect(vaults, { fqdn: host, useToken: true });
  assert.equal(environment.userName, 'admin');
  await environment.renew();
  await environment.renew();
  assert.equal(generationOf((await stored()).accessToken), 2);
  assert.equal((await (await open(vaults, host)).fetch('/account/v1/me')).status, 200);
});

test('fetch sends what fetch takes, gives a Response, and refuses another host', async (t) => {
  const host = hostOf(server);
  const { vaults } = await machine(t, host);
  const environment = await open(vaults, host);
  const answer = await environment.fetch('/account/v1/api-tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Blob(['{"name":"x"}']),
  });
  assert.equal(answer.status, 403);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  assert.equal(((await answer.json()) as { error: string }).error, 'Forbidden');
  const empty = await environment.fetch('/account/v1/me', { method: 'HEAD' });
  assert.deepEqual([empty.status, await empty.text()], [200, '']);
  await assert.rejects(environment.fetch('https://example.com/'), TypeError);
  const signal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(environment.fetch('/account/v1/me', { signal }), /enough/);
});

test('renewPair alone: a pair for the next, 401 for what is none, and nothing stored', async () => {
  const fqdn = hostOf(server);
  const { accessToken, refreshToken } = await generatePair(server, `bare ${++count}`);
  const renewed = await renewPair({ fqdn, accessToken, refreshToken });
  assert.equal(generationOf(secret(renewed.accessToken.reveal())), 1);
  assert.deepEqual([renewed.accessSeconds, renewed.refreshSeconds], [7200, null]);
  assert.match(secret(renewed.refreshToken.reveal()), /^[A-Za-z0-9]{64}$/);
  const refused = renewPair({ fqdn, accessToken, refreshToken: 'x'.repeat(64) });
  await assert.rejects(refused, (error) => error instanceof RefusedError && error.status === 401);
});

test('a revoked pair is no vault fault: the error says to generate and register anew', async (t) => {
  const host = hostOf(server);
  const vaults = createVaults({ folder: temporaryFolder(t), vaults: [memoryVault({ name: 'm' })] });
  await registerToken(vaults, {
    fqdn: host,
    accessToken: secret('no-token-at-all'),
    refreshToken: secret('none-either'),
  });
  await assert.rejects(connect(vaults, { fqdn: host, useToken: true }), (error) => {
    assert.ok(error instanceof NotAuthenticatedError);
    return /generate a new API token and register it/.test(error.message);
  });
  await assert.rejects(connect(vaults, { fqdn: 'other.example', useToken: true }), refusal('not_found'));
});
