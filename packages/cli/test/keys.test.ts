/** `tessera keys` beside a running server, on both databases: what it does, the server goes by at once. @module */
import assert from 'node:assert/strict';
import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { forEachEngine } from '../../../test/harness/engines.ts';
import { type Answer, apiOf } from '../../../test/harness/http.ts';
import type { Server } from '../../../test/harness/server.ts';
import { authorityPem, expiredPem, localhostPem, serverKeyPem } from '../../client/test/certificates.ts';
import { newUser, type Result } from './cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-keys-'));
const file = (name: string): string => join(folder, name);

/** A key with its certificate and that one's issuer, another key's certificate, and one that expired. */
before(() => {
  writeFileSync(file('ec.key'), serverKeyPem);
  writeFileSync(file('ec.pem'), `${localhostPem}\n${authorityPem}\n`);
  writeFileSync(file('other.pem'), authorityPem);
  writeFileSync(file('late.pem'), expiredPem);
});
after(() => rmSync(folder, { recursive: true }));

forEachEngine((engine) => {
  let server: Server;
  before(async () => {
    server = await engine.start();
    setClock(0);
  });
  after(() => server.stop());

  const user = newUser({ after: after as TestContext['after'] });
  const setClock = (aheadMs: number) => writeFileSync(file('clock'), String(aheadMs));
  const keys = (...line: string[]): Promise<Result> => {
    const env = {
      TESSERA_DATA_DIR: server.dataDir,
      TESSERA_TEST_CLOCK_FILE: file('clock'),
      ...(server.databaseUrl === null ? {} : { TESSERA_DATABASE_URL: server.databaseUrl }),
    };
    return user.run(['tessera', 'keys', ...line, '--json'], { env });
  };
  const jwks = (etag = ''): Promise<Answer> =>
    apiOf(server.url).get('/.well-known/jwks.json', { headers: { 'if-none-match': etag } });
  const list = async () => JSON.parse((await keys('list', '--use', 'nebularstack')).stdout).resources;
  const done = async (result: Promise<Result>) => {
    const { code, stdout, stderr } = await result;
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };

  test('the first key is RSA, signs, and is published with its certificate', async () => {
    const [key, ...others] = await list();
    assert.deepEqual(others, []);
    assert.deepEqual([key.alg, key.state], ['RS256', 'signing']);
    const { status, headers, body } = await jwks();
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^application\/json/);
    assert.match(headers.get('cache-control') ?? '', /^public, max-age=\d+$/);
    const published = body.keys.find(({ kid }: { kid: string }) => kid === key.kid);
    const thumbprint = createHash('sha256')
      .update(Buffer.from(published.x5c[0], 'base64'))
      .digest('base64url');
    assert.equal(published['x5t#S256'], thumbprint);
    assert.deepEqual([published.kty, published.use, published.alg], ['RSA', 'sig', 'RS256']);
    assert.equal(Buffer.from(published.n, 'base64url').length, 384);
    for (const jwk of body.keys) assert.deepEqual([jwk.d, jwk.p, jwk.k], [undefined, undefined, undefined]);
  });

  test('who has the published keys already is told so in one line', async () => {
    const etag = (await jwks()).headers.get('etag') ?? '';
    const again = await jwks(`"other", W/${etag}`);
    assert.deepEqual([again.status, again.text], [304, '']);
    assert.equal(again.headers.get('etag'), etag);
    assert.equal((await jwks('"other"')).status, 200);
  });

  test('a key of one’s own is published with its whole chain, and signs five minutes later', async () => {
    const imported = await done(keys('import', '--cert', file('ec.pem'), '--key', file('ec.key')));
    assert.deepEqual([imported.alg, imported.state], ['ES256', 'published']);
    assert.deepEqual(
      [imported.certificate.subject, imported.certificate.issuer],
      ['CN=localhost', 'CN=Tessera test authority'],
    );
    const { body } = await jwks();
    const published = body.keys.find(({ kid }: { kid: string }) => kid === imported.kid);
    assert.equal(published.x5c.length, 2);
    for (const [aheadMs, state] of [
      [299_000, 'published'],
      [300_000, 'signing'],
    ] as const) {
      setClock(aheadMs);
      const [newest] = await list();
      assert.deepEqual([newest.kid, newest.state], [imported.kid, state]);
    }
    const again = await keys('import', '--cert', file('ec.pem'), '--key', file('ec.key'));
    assert.equal(again.code, 1);
    assert.match(again.stderr, /is here already/);
  });

  test('a key is replaced at once by one of another algorithm, and one that leaked is removed', async () => {
    const made = await done(keys('rotate', '--alg', 'ES256', '--at-once'));
    assert.deepEqual([made.alg, made.state], ['ES256', 'signing']);
    const removed = await keys('remove', '--id', made.kid);
    assert.equal(removed.code, 0, removed.stderr);
    const kids = (await jwks()).body.keys.map(({ kid }: { kid: string }) => kid);
    assert.equal(kids.includes(made.kid), false);
    assert.equal((await list()).filter(({ state }: { state: string }) => state === 'signing').length, 1);
    assert.match((await keys('remove', '--id', made.kid)).stderr, /no such key/);
  });

  test('what cannot be used is refused in words that say why, and nothing changes', async () => {
    const pem = { type: 'pkcs8', format: 'pem' } as const;
    const lock = { cipher: 'aes-256-cbc', passphrase: 'phrase' };
    writeFileSync(file('locked.key'), createPrivateKey(serverKeyPem).export({ ...pem, ...lock }));
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    writeFileSync(file('short.key'), short.export(pem));
    writeFileSync(file('edwards.key'), generateKeyPairSync('ed25519').privateKey.export(pem));
    writeFileSync(file('junk.pem'), 'no PEM');
    writeFileSync(file('phrase.txt'), 'wrong\n');
    const refusals: [string[], RegExp][] = [
      [
        ['--cert', file('other.pem'), '--key', file('ec.key')],
        /certificate cannot be used: the first certificate is for another key/,
      ],
      [['--cert', file('ec.pem'), '--key', file('locked.key')], /key is encrypted: give the file/],
      [
        ['--cert', file('ec.pem'), '--key', file('locked.key'), '--passphrase-file', file('phrase.txt')],
        /key does not open with this passphrase/,
      ],
      [
        ['--cert', file('ec.pem'), '--key', file('short.key')],
        /key cannot be used: an RSA key needs at least 2048 bits/,
      ],
      [
        ['--cert', file('ec.pem'), '--key', file('edwards.key')],
        /key is a key of type ed25519; keys for RS256 and ES256/,
      ],
      [['--cert', file('ec.pem'), '--key', file('junk.pem')], /key holds no private key in PEM/],
      [
        ['--cert', file('junk.pem'), '--key', file('ec.key')],
        /certificate cannot be used: there is no certificate/,
      ],
      [['--key', file('ec.key')], /certificate is missing/],
      [['--cert', file('none.pem'), '--key', file('ec.key')], /none\.pem cannot be read \(ENOENT\)/],
    ];
    const before = await list();
    for (const [line, reason] of refusals) {
      const { code, stdout, stderr } = await keys('import', ...line);
      assert.equal(code, 1, stderr);
      assert.match(stderr, reason);
      assert.equal(stdout, '');
    }
    const late = await keys('import', '--cert', file('late.pem'), '--key', file('ec.key'));
    assert.match(late.stderr, /certificate of "CN=localhost" expired on 2020-01-02/);
    setClock(Date.UTC(2026, 0, 1) - Date.now());
    const early = await keys('import', '--cert', file('ec.pem'), '--key', file('ec.key'));
    assert.match(early.stderr, /certificate of "CN=localhost" is not valid before 2026-11-22/);
    setClock(300_000);
    assert.deepEqual(await list(), before);
  });
});

test('where no server has ever run, nothing is made', async (t) => {
  const user = newUser(t);
  const { code, stderr } = await user.run(['tessera', 'keys', 'list', '--data-dir', user.home]);
  assert.equal(code, 1);
  assert.match(stderr, /There is no database in .*: start the server there once/);
  assert.deepEqual(readdirSync(user.home), []);
});
