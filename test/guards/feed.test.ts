/** The feed of revocations, as guards are told it: nothing is lost, and nobody is told "nothing new" who cannot know. @module */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { backupDatabase, restoreDatabase } from '../../packages/server/src/store/backup.ts';
import { type Dialect, decodeJwt, dialectOf, minute } from '../ciphertrust/dialect.ts';
import { forEachEngine } from '../harness/engines.ts';
import { openGate } from '../harness/gate.ts';
import { apiOf } from '../harness/http.ts';
import { createDatabase } from '../harness/postgres.ts';
import { newPassword, type Server, startServer } from '../harness/server.ts';
import { type Asking, askingAs, registerApplication, revoke } from './asking.ts';

const sessionOf = (jwt: string): string => decodeJwt(jwt).claims.sid;

forEachEngine((engine) => {
  let server: Server;
  let dialect: Dialect;
  let guard: Asking;
  before(async () => {
    server = await engine.start();
    dialect = dialectOf(() => server);
    guard = askingAs(() => server.url, (await registerApplication(server)).credential, dialect);
  });
  after(() => server.stop());

  test('who waits is told of a session when it is revoked, once', async () => {
    const { cursor } = await guard.all();
    const grant = await dialect.grant();
    const waiting = guard.ask({ cursor, wait: 20 }, { 'if-none-match': `"${cursor}"` });
    await revoke(dialect, grant);
    const { status, body, headers } = await waiting;
    assert.equal(status, 200);
    assert.deepEqual(
      body.revocations.map(({ kind, session }: { kind: string; session: string }) => [kind, session]),
      [['session_ended', sessionOf(grant.jwt)]],
    );
    assert.equal(headers.get('etag'), `"${body.cursor}"`);
    const again = await guard.ask({ cursor: body.cursor }, { 'if-none-match': `"${body.cursor}"` });
    assert.deepEqual([again.status, again.text], [304, '']);
    assert.deepEqual((await guard.ask({ cursor: body.cursor })).body.revocations, []);
  });

  test('a revocation is told for as long as a token of the session can live, and no longer', async () => {
    const grant = await dialect.grant();
    await revoke(dialect, grant);
    const { exp } = decodeJwt(grant.jwt).claims;
    const found = (await guard.all()).revocations.find(({ session }) => session === sessionOf(grant.jwt));
    assert.ok((found?.until ?? 0) > exp, 'it is told until after the end of the token');
    server.advance(60 * minute);
    // A page of before may be given again for a second.
    const isTold = async (): Promise<boolean> =>
      (await guard.all()).revocations.some(({ session }) => session === sessionOf(grant.jwt));
    while (await isTold()) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  test('a user who is disabled, enabled, and deleted is told each time', async () => {
    const user = await dialect.createUser();
    await dialect.grant({}, user);
    const id = user.userId.split('|').at(-1);
    const path = `/api/v1/usermgmt/users/${user.userId}`;
    const toldAfter = async (work: () => Promise<unknown>): Promise<string[]> => {
      const { cursor } = await guard.all();
      await work();
      const { revocations } = await guard.all(cursor);
      return revocations.filter((one) => one.user === id).map(({ kind }) => kind);
    };
    const change = (fields: object) => async () =>
      assert.equal((await dialect.api.patch(path, fields, { jwt: await dialect.jwt() })).status, 200);
    assert.deepEqual(await toldAfter(change({ allowed_auth_methods: [] })), ['user_suspended']);
    assert.deepEqual(await toldAfter(change({ allowed_auth_methods: ['password'] })), ['user_restored']);
    assert.deepEqual(await toldAfter(change({ nickname: 'Ada' })), []);
    const remove = async () => dialect.api.delete(path, { jwt: await dialect.jwt() });
    assert.ok((await toldAfter(remove)).includes('user_suspended'));
  });

  test('many revocations come in pages, in order, none twice and none missing', async () => {
    const { cursor } = await guard.all();
    const grants = await Promise.all(Array.from({ length: 60 }, () => dialect.grant()));
    await Promise.all(grants.map((grant) => revoke(dialect, grant)));
    const told = (await guard.all(cursor)).revocations.map(({ session }) => session);
    assert.deepEqual([...told].sort(), grants.map(({ jwt }) => sessionOf(jwt)).sort());
  });

  test('a revocation that was answered is told after kill -9, by the cursor from before', async () => {
    const { cursor } = await guard.all();
    const grants = await Promise.all(Array.from({ length: 5 }, () => dialect.grant()));
    for (const grant of grants) await revoke(dialect, grant);
    await server.kill9();
    await server.restart();
    const told = (await guard.all(cursor)).revocations.map(({ session }) => session);
    assert.deepEqual(told.sort(), grants.map(({ jwt }) => sessionOf(jwt)).sort());
  });

  test('a cursor that is not of this feed begins anew', async () => {
    const { cursor } = await guard.all();
    const [epoch, position] = cursor.split('~');
    const cursors = ['', 'x', `${epoch}~${Number(position) + 1000}`, `${crypto.randomUUID()}~${position}`];
    for (const other of cursors) assert.equal((await guard.ask({ cursor: other })).body.anew, true, other);
    assert.equal((await guard.ask({ cursor })).body.anew, false);
  });

  test('only a guard is told: no credential, another’s token, or one that was replaced is 401', async () => {
    const { id, credential } = await registerApplication(server);
    const api = apiOf(server.url);
    const path = '/guard/v1/revocations';
    assert.equal((await api.get(path)).headers.get('www-authenticate'), 'Bearer');
    const wrong = [
      await dialect.jwt(),
      'tsg_',
      'tsg_x_y',
      `${credential}x`,
      `${credential.slice(0, -1)}${credential.endsWith('A') ? 'E' : 'A'}`,
      credential.replace('tsg_A', 'tsg_B'),
    ];
    for (const jwt of wrong) assert.equal((await api.get(path, { jwt })).status, 401);
    assert.equal((await api.get(path, { jwt: credential })).status, 200);
    const jwt = await dialect.jwt();
    const rotated = await api.post(`/account/v1/applications/${id}/rotate-credential`, {}, { jwt });
    assert.equal(rotated.status, 200, rotated.text);
    const until = async (status: number, text: string): Promise<void> => {
      while ((await api.get(path, { jwt: text })).status !== status) await new Promise(setImmediate);
    };
    await until(401, credential);
    assert.equal((await api.get(path, { jwt: rotated.body.credential })).status, 200);
    assert.equal((await api.get('/account/v1/me', { jwt: rotated.body.credential })).status, 401);
  });

  test('who waits is answered when the server stops', async () => {
    const { cursor } = await guard.all();
    const waiting = guard.ask({ cursor, wait: 30 }, { 'if-none-match': `"${cursor}"` });
    // The request is on its way before the signal: another one that is sent after it has been answered.
    await guard.ask({ cursor });
    assert.equal(await server.restart(), 0);
    assert.equal((await waiting).status, 304);
  });
});

test('after a restore guards begin anew, and what was issued before counts for nothing', async () => {
  const server = await startServer();
  const folder = mkdtempSync(join(tmpdir(), 'tessera-backup-'));
  try {
    const { credential } = await registerApplication(server);
    const guard = askingAs(
      () => server.url,
      credential,
      dialectOf(() => server),
    );
    const to = join(folder, 'backup.db');
    await backupDatabase({ dataDir: server.dataDir, to });
    const grant = await dialectOf(() => server).grant();
    await revoke(
      dialectOf(() => server),
      grant,
    );
    const { cursor } = await guard.all();
    await restoreDatabase({ dataDir: server.dataDir, from: to, keepSessions: 'end', nowMs: Date.now() });
    let answer = await guard.ask({ cursor });
    while (answer.body.cursor.split('~')[0] === cursor.split('~')[0]) answer = await guard.ask({ cursor });
    assert.equal(answer.body.anew, true);
    assert.ok(answer.body.issuedBefore >= decodeJwt(grant.jwt).claims.iat);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a database that is away is 503 to guards, never "nothing new"; they go on when it is back', async () => {
  const database = await createDatabase();
  const gate = await openGate(database.url);
  const server = await startServer({ databaseUrl: gate.url });
  try {
    const { credential } = await registerApplication(server);
    const guard = askingAs(
      () => server.url,
      credential,
      dialectOf(() => server),
    );
    const { cursor } = await guard.all();
    const waiting = guard.ask({ cursor, wait: 2 }, { 'if-none-match': `"${cursor}"` });
    gate.shut();
    assert.equal((await waiting).status, 503);
    assert.equal((await guard.ask({ cursor })).status, 503);
    gate.open();
    while ((await guard.ask({ cursor })).status !== 200)
      await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    gate.open();
    await server.stop();
    await gate.close();
    await database.drop();
  }
});

test('of two servers on one database either tells what the other has revoked, by the same cursor', async () => {
  const database = await createDatabase();
  const shared = mkdtempSync(join(tmpdir(), 'tessera-feed-'));
  const options = {
    databaseUrl: database.url,
    adminPassword: newPassword(),
    env: { TESSERA_MASTER_KEY_FILE: join(shared, 'master.key'), TESSERA_ISSUER: 'https://tokens.example' },
  };
  const servers = await Promise.all([startServer(options), startServer(options)]);
  try {
    const [here, there] = servers as [Server, Server];
    const { credential } = await registerApplication(here);
    const [near, far] = [here, there].map(({ url }) =>
      askingAs(
        () => url,
        credential,
        dialectOf(() => here),
      ),
    ) as [Asking, Asking];
    let { cursor } = await near.all();
    for (let round = 0; round < 6; round += 1) {
      const [revoked, told] = round % 2 === 0 ? [here, far] : [there, near];
      const dialect = dialectOf(() => revoked);
      const grants = await Promise.all([dialect.grant(), dialect.grant()]);
      const waiting = told.ask({ cursor, wait: 20 });
      await Promise.all(grants.map((grant) => revoke(dialect, grant)));
      const first = await waiting;
      assert.equal(first.body.anew, false);
      const rest = await told.all(first.body.cursor);
      const sessions = [...first.body.revocations, ...rest.revocations].map(({ session }) => session);
      assert.deepEqual(sessions.sort(), grants.map(({ jwt }) => sessionOf(jwt)).sort());
      cursor = rest.cursor;
    }
    // Everything at once, each guard on another server: both lists are whole.
    const grants = await Promise.all(
      Array.from({ length: 40 }, (_, at) => dialectOf(() => (at % 2 === 0 ? here : there)).grant()),
    );
    await Promise.all(
      grants.map((grant, at) =>
        revoke(
          dialectOf(() => (at % 3 === 0 ? here : there)),
          grant,
        ),
      ),
    );
    const expected = grants.map(({ jwt }) => sessionOf(jwt)).sort();
    for (const guard of [near, far]) {
      const told = (await guard.all(cursor)).revocations.map(({ session }) => session ?? '');
      assert.deepEqual(told.filter((session) => expected.includes(session)).sort(), expected);
    }
  } finally {
    for (const server of servers) await server.stop();
    rmSync(shared, { recursive: true, force: true });
    await database.drop();
  }
});

test('errors have the shape of the account API', async () => {
  const server = await startServer();
  try {
    const { credential } = await registerApplication(server);
    const { status, body } = await apiOf(server.url).get('/guard/v1/nothing', { jwt: credential });
    assert.deepEqual([status, Object.keys(body)], [404, ['status', 'error', 'message', 'requestId']]);
  } finally {
    await server.stop();
  }
});
