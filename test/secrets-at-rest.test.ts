/** Whoever steals the database can use nothing of it. @module */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  type Dialect,
  dialectOf,
  errorOf,
  type Grant,
  invalidToken,
  ok,
  readGrant,
} from './ciphertrust/dialect.ts';
import { forEachEngine } from './harness/engines.ts';
import { newPassword, type Server } from './harness/server.ts';
import { databaseFiles, readTables } from './harness/stored.ts';

forEachEngine((engine) => {
  let server: Server;
  let dialect: Dialect;
  let dump: Buffer;
  const passwords: string[] = [];
  const grants: Grant[] = [];
  let hmacJwt: string;

  before(async () => {
    server = await engine.start();
    dialect = dialectOf(() => server);
    passwords.push(server.adminPassword);
    grants.push(await dialect.grant({ labels: ['stolen'], refresh_token_lifetime: 60 }));
    for (let times = 0; times < 3; times += 1) {
      grants.push(readGrant(await dialect.renew(grants.at(-1)?.refreshToken ?? '')));
    }
    await useAccounts();
    hmacJwt = await useEveryKey();
    dump = await dumpOf(server);
  });
  after(() => server.stop());

  async function useAccounts(): Promise<void> {
    const user = await dialect.createUser();
    const next = newPassword();
    const change = { username: user.username, password: user.password, new_password: next };
    ok(await dialect.api.patch('/api/v1/auth/changepw', change));
    const wrong = newPassword();
    assert.equal((await dialect.issue({}, { ...user, password: wrong })).status, 401);
    // Pasted into the wrong field: the commonest way for a password to get into an audit log.
    assert.equal((await dialect.issue({}, { username: wrong, password: 'x' })).status, 401);
    passwords.push(user.password, next, wrong);
    grants.push(await dialect.grant({}, { ...user, password: next }));
  }

  /** @returns a JWT signed with HS256, by a secret that is stored somehow */
  async function useEveryKey(): Promise<string> {
    for (const body of [{ type: 'rsa' }, { type: 'ecdsa', curve: 'p384' }, { type: 'hmac' }]) {
      ok(await dialect.api.post('/api/v1/auth/rotate-auth-key', body, { jwt: await dialect.jwt() }));
      grants.push(await dialect.grant());
    }
    return await dialect.jwt();
  }

  test('the dump is one: it holds the users and their sessions', () => {
    assert.ok(dump.includes('admin'));
    assert.ok(dump.includes('stolen'));
    assert.ok(dump.includes('argon2id'));
  });

  test('it holds no password', () => {
    for (const password of passwords) assertAbsent(password);
  });

  test('it holds no refresh token and no JWT, nor the part that makes one', () => {
    for (const { refreshToken, jwt } of grants) {
      assertAbsent(refreshToken);
      assertAbsent(refreshToken.slice(30));
      assertAbsent(jwt);
      assertAbsent(jwt.slice(jwt.lastIndexOf('.') + 1));
    }
  });

  test('no text of 64 letters and digits in it refreshes', async () => {
    const texts = new Set(dump.toString('latin1').match(/(?<![A-Za-z0-9])[A-Za-z0-9]{64}(?![A-Za-z0-9])/g));
    for (const text of [...texts].slice(0, 200))
      assert.deepEqual(errorOf(await dialect.refresh(text)), invalidToken);
  });

  test('it holds no private key in the clear', () => {
    assert.doesNotMatch(dump.toString('latin1'), /PRIVATE KEY|"d"\s*:|"k"\s*:\s*"/);
    for (const start of clearKeyStarts) assertAbsent(start);
  });

  test('none of its bytes, nor of its hexadecimal or base64 texts, is the secret of HS256', () => {
    for (const bytes of [dump, ...decodedTexts(dump)]) {
      for (let at = 0; at + 32 <= bytes.length; at += 1) {
        if (signs(bytes.subarray(at, at + 32), hmacJwt)) assert.fail(`the HMAC secret is at ${at}`);
      }
    }
  });

  test('it holds no master key', () => {
    const key = readFileSync(join(server.dataDir, 'master.key'), 'utf8').trim();
    assertAbsent(key);
    assertAbsent(Buffer.from(key, 'hex'));
  });

  /** Neither as it is, nor in hexadecimal or base64. */
  function assertAbsent(secret: string | Buffer): void {
    const bytes = Buffer.from(secret);
    const base64 = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
    for (const form of [
      bytes,
      bytes.toString('hex'),
      base64,
      base64.replaceAll('+', '-').replaceAll('/', '_'),
    ]) {
      // Not by assert.equal: its message would print the secret.
      if (dump.includes(form)) assert.fail(`found a secret of ${bytes.length} bytes in the dump`);
    }
  }
});

describe('the search itself', () => {
  const jwt = 'a.b.'.concat(createHmac('sha256', 'k'.repeat(32)).update('a.b').digest('base64url'));

  test('finds an HMAC secret in the clear, in hexadecimal and in base64', () => {
    const key = Buffer.from('k'.repeat(32));
    for (const planted of [key, key.toString('hex'), key.toString('base64url')]) {
      const dump = Buffer.concat([Buffer.from('before "'), Buffer.from(planted), Buffer.from('" after')]);
      const windows = [dump, ...decodedTexts(dump)].flatMap((bytes) =>
        Array.from({ length: Math.max(0, bytes.length - 31) }, (_, at) => bytes.subarray(at, at + 32)),
      );
      assert.ok(windows.some((window) => signs(window, jwt)));
    }
  });
});

/** How PKCS #8 begins for keys on P-256 and P-384, SEC 1 on both, and Ed25519. */
const clearKeyStarts = [
  '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420',
  '3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430',
  '30770201010420',
  '3081a40201010430',
  '302e020100300506032b657004220420',
].map((hex) => Buffer.from(hex, 'hex'));

/** Everything stored: of SQLite the files as they lie on the disk, the write-ahead log too; and every row as text. */
async function dumpOf(server: Server): Promise<Buffer> {
  const files = server.databaseUrl === null ? databaseFiles(server.dataDir).map(({ bytes }) => bytes) : [];
  const values = [...(await readTables(server)).values()].flat().flatMap((row) => Object.values(row));
  const texts = values.map((value) => {
    if (value instanceof Uint8Array) return Buffer.from(value);
    return Buffer.from(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  });
  return Buffer.concat([...files, ...texts].flatMap((part) => [part, Buffer.from('\n')]));
}

function decodedTexts(dump: Buffer): Buffer[] {
  const text = dump.toString('latin1');
  const hex = text.match(/[0-9a-f]{64,}/gi) ?? [];
  const base64 = text.match(/[\w+/-]{43,}/g) ?? [];
  return [
    ...new Set(hex).values().map((found) => Buffer.from(found, 'hex')),
    ...new Set(base64).values().map((found) => Buffer.from(found, 'base64url')),
  ];
}

function signs(key: Buffer, jwt: string): boolean {
  const at = jwt.lastIndexOf('.');
  return createHmac('sha256', key).update(jwt.slice(0, at)).digest('base64url') === jwt.slice(at + 1);
}
