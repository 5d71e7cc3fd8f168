import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { localhostPem, namelessPem, serverKeyPem } from '../../client/test/certificates.ts';
import { certifiedKeyPem } from '../../token/test/certificate-fixture.ts';
import { type Config, ConfigError } from '../src/config/config.ts';
import { loadConfig } from '../src/config/load-config.ts';
import type { Environment } from '../src/config/read-texts.ts';
import { settings } from '../src/config/settings.ts';
import { editDistance } from '../src/config/suggest.ts';
import { defaultOptions } from '../src/dialects/nebularstack/options.ts';
import { defaultOptions as nectarDefaults } from '../src/dialects/nectar/options.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-config-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function file(content: string, name = `file-${++files}.yaml`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function load(env: Environment, configFile: string | null = null): Promise<Config> {
  return loadConfig({ env, workingDirectory: folder, configFile });
}

async function faultsOf(env: Environment, configFile: string | null = null): Promise<readonly string[]> {
  try {
    await load(env, configFile);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.faults;
  }
  return [];
}

test('with nothing configured the server listens on loopback with its data beside it', async () => {
  assert.deepEqual(await load({}), {
    port: 8420,
    host: '127.0.0.1',
    dataDir: join(folder, 'data'),
    databaseUrl: null,
    issuer: null,
    audience: null,
    tls: null,
    proxy: null,
    adminPassword: null,
    masterKeyFile: join(folder, 'data', 'master.key'),
    nebularstack: defaultOptions,
    nectar: nectarDefaults,
    logLevel: 'info',
    testClockFile: null,
  });
});

test('a file may write its names in snake case or camel case, and the environment wins over it', async () => {
  const path = file('data_dir: there\nlogLevel: warn\nport: 1\nissuer:\n');
  const config = await load({ TESSERA_PORT: '2', TESSERA_ISSUER: '' }, path);
  assert.deepEqual([config.port, config.logLevel, config.issuer], [2, 'warn', null]);
  assert.equal(config.dataDir, join(folder, 'there'));
  const named = await load({ TESSERA_CONFIG: path });
  assert.equal(named.port, 1);
});

test('tessera.yaml in the working directory is read, and only there may the file be missing', async () => {
  const path = file('port: 99\n', 'tessera.yaml');
  assert.equal((await load({})).port, 99);
  rmSync(path);
  assert.equal((await load({})).port, 8420);
  const [fault] = await faultsOf({ TESSERA_CONFIG: 'nowhere.yaml' });
  assert.match(fault ?? '', /nowhere\.yaml: cannot be read \(ENOENT\)/);
});

test('every fault is named at once, each with the name that was written and a cure', async () => {
  const path = file('prot: 1\nlogLevel: loud\nadminPassword: Admin\nhost: [a, {b: c}]\n');
  const faults = await faultsOf(
    {
      TESSERA_PORT: '84x0',
      TESSERA_DATABASE_URL: 'mysql://u:hunter2@db/x',
      TESSERA_TLS_CERT: 'no.pem',
      TESSERA_TLS_PROXY: 'yes',
      TESSERA_TRUST_PROXY: '10.0.0.0/40',
      TESSERA_ISUER: 'x',
    },
    path,
  );
  const beginnings = [
    `prot (${path}): there is no such setting; did you mean port?`,
    `host (${path}): must be a single value`,
    'TESSERA_ISUER: there is no such setting; did you mean TESSERA_ISSUER?',
    'TESSERA_TLS_KEY: is missing',
    'TESSERA_TLS_CERT: no.pem cannot be read (ENOENT)',
    'TESSERA_TLS_PROXY: "yes" is neither',
    'TESSERA_TRUST_PROXY: "10.0.0.0/40" is no address',
    'TESSERA_TRUST_PROXY: works only together with',
    'TESSERA_PORT: "84x0" is no port',
    'TESSERA_DATABASE_URL: is no PostgreSQL URL',
    'adminPassword: admin is the first',
    'logLevel: "loud" is no level',
  ];
  for (const beginning of beginnings)
    assert.ok(
      faults.some((fault) => fault.startsWith(beginning)),
      `${beginning} in ${faults.join('\n')}`,
    );
  assert.equal(faults.length, beginnings.length);
  assert.ok(!faults.join('').includes('hunter2'), 'no secret is repeated');
});

describe('a file that is no mapping of settings', () => {
  const cases: Record<string, RegExp> = {
    '- port\n': /must hold plain settings/,
    'port: 1\nport: 2\n': /not YAML at line 2 \(DUPLICATE_KEY\)/,
    'a: &a [x]\nb: [*a, *a]\n': /must hold plain settings/,
    'port: "1\n': /not YAML at line/,
    'dataDir: a\ndata_dir: b\n': /data_dir .*is written twice/,
  };
  for (const [content, expected] of Object.entries(cases)) {
    test(JSON.stringify(content), async () => {
      assert.match((await faultsOf({}, file(content))).join('\n'), expected);
    });
  }
});

describe('plain HTTP', () => {
  for (const host of ['127.0.0.1', '127.8.9.1', '::1', 'localhost'])
    test(`is served on loopback: ${host}`, async () => {
      assert.deepEqual(await faultsOf({ TESSERA_HOST: host }), []);
    });
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'tokens.example.com', '127.example.com'])
    test(`is refused elsewhere unless a TLS proxy stands in front: ${host}`, async () => {
      const [fault] = await faultsOf({ TESSERA_HOST: host });
      assert.match(fault ?? '', /^TESSERA_HOST: .*TESSERA_TLS_CERT/);
      assert.deepEqual(await faultsOf({ TESSERA_HOST: host, TESSERA_TLS_PROXY: 'True' }), []);
    });
});

describe('TLS', () => {
  const key = file(serverKeyPem);
  const cert = file(localhostPem);
  test('needs certificate and key that belong together', async () => {
    const config = await load({ TESSERA_HOST: '0.0.0.0', TESSERA_TLS_CERT: cert, TESSERA_TLS_KEY: key });
    assert.deepEqual(config.tls, { cert: localhostPem, key: serverKeyPem });
    const faults = await faultsOf({ TESSERA_TLS_CERT: cert, TESSERA_TLS_KEY: file(certifiedKeyPem) });
    assert.match(faults.join('\n'), /^TESSERA_TLS_KEY: .*belongs to the certificate/);
  });
  test('refuses a certificate that names no host', async () => {
    const faults = await faultsOf({ TESSERA_TLS_CERT: file(namelessPem), TESSERA_TLS_KEY: key });
    assert.match(faults.join('\n'), /^TESSERA_TLS_CERT: .*names no host \(SAN\)[^\n]*$/);
  });
  test('refuses a file that holds no certificate', async () => {
    const faults = await faultsOf({ TESSERA_TLS_CERT: key, TESSERA_TLS_KEY: key });
    assert.match(faults.join('\n'), /^TESSERA_TLS_CERT: .*no PEM certificate[^\n]*$/);
  });
});

test('X-Forwarded-For is trusted from the listed proxies alone', async () => {
  const config = await load({ TESSERA_TLS_PROXY: 'true', TESSERA_TRUST_PROXY: '10.0.0.7, fd00::/8' });
  assert.deepEqual(config.proxy, { trusted: ['10.0.0.7', 'fd00::/8'] });
  const listed = await load({}, file('tlsProxy: true\ntrustProxy:\n  - 10.0.0.7\n  - 10.1.0.0/16\n'));
  assert.deepEqual(listed.proxy, { trusted: ['10.0.0.7', '10.1.0.0/16'] });
});

test('a data folder that cannot be one is refused before anything is written', async () => {
  const path = file('');
  for (const dir of [path, join(path, 'data')])
    assert.match((await faultsOf({ TESSERA_DATA_DIR: dir })).join(), /^TESSERA_DATA_DIR: .* is a file/);
  assert.match((await faultsOf({ TESSERA_MASTER_KEY_FILE: folder })).join(), /is a folder; name a file/);
  const unmounted = join(folder, 'unmounted');
  symlinkSync(join(folder, 'no-such-disk'), unmounted);
  for (const name of ['TESSERA_DATA_DIR', 'TESSERA_MASTER_KEY_FILE'])
    for (const path of [unmounted, join(unmounted, 'below')])
      assert.match(
        (await faultsOf({ [name]: path })).join(),
        new RegExp(`^${name}: .*unmounted is a link to`),
      );
});

test("the command line's own variables are no mistyped settings", async () => {
  const names = [
    'URL',
    'USERNAME',
    'PASSWORD',
    'JWT',
    'REFRESHTOKEN',
    'CLIENTID',
    'TIMEOUT',
    'DOMAIN',
    'RESP',
  ];
  assert.deepEqual(await faultsOf(Object.fromEntries(names.map((name) => [`TESSERA_${name}`, 'x']))), []);
});

test('a secret does not show when the configuration is printed', async () => {
  const config = await load({
    TESSERA_ADMIN_PASSWORD: 'Correct-horse-1',
    TESSERA_DATABASE_URL: 'postgres://u:Correct-horse-1@db/x',
  });
  assert.ok(!JSON.stringify(config).includes('Correct-horse-1'));
  assert.equal(config.adminPassword?.reveal(), 'Correct-horse-1');
});

test('the distance of two names is what it takes to turn one into the other', () => {
  assert.equal(editDistance('port', 'prot'), 2);
  assert.equal(editDistance('', 'abc'), 3);
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (left, right) => {
      const distance = editDistance(left, right);
      assert.equal(distance, editDistance(right, left));
      assert.equal(distance === 0, left === right);
      assert.ok(distance <= Math.max(left.length, right.length));
    }),
  );
});

test('docs/configuration.md has the row of every setting, as the code has it', () => {
  const document = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const rows = Object.values(settings).map(
    ({ variable, key, byDefault, meaning }) => `| \`${variable}\` | \`${key}\` | ${byDefault} | ${meaning} |`,
  );
  const written = document.split('\n').filter((line) => /^\| `(?:TESSERA|NECTAR)_/.test(line));
  assert.deepEqual(written, rows);
});

test('the limits of guessing and the longest life of tokens are set by one line each', async () => {
  const { nebularstack } = await load({
    TESSERA_NEBULARSTACK_LOCKOUT: '3/10m 30/2h, 300/1h',
    TESSERA_NEBULARSTACK_V1_MAX_LIFETIME: '12h',
    TESSERA_REGION: 'north',
  });
  const { nameAndAddress, name, address } = nebularstack.guessLimits;
  assert.deepEqual(
    [nameAndAddress, name, address].map(({ failures, windowMs }) => [failures, windowMs]),
    [
      [3, 600_000],
      [30, 7_200_000],
      [300, 3_600_000],
    ],
  );
  assert.deepEqual([nebularstack.v1MaximumSeconds, nebularstack.region], [43_200, 'north']);
  for (const lockout of [
    '5/15m',
    '5/15m 20/60m 100/x',
    '0/15m 20/60m 100/15m',
    '5/15m 20/60m 100/15m 1/1m',
    '5/900 2/2m 3/3m',
  ])
    assert.match(
      (await faultsOf({ TESSERA_NEBULARSTACK_LOCKOUT: lockout }))[0] ?? '',
      /^TESSERA_NEBULARSTACK_LOCKOUT: /,
    );
  for (const lifetime of ['59s', '366d', '3600', 'long'])
    assert.equal((await faultsOf({ TESSERA_NEBULARSTACK_V1_MAX_LIFETIME: lifetime })).length, 1, lifetime);
});

test('what an operator may set of API tokens is taken within its bounds, and refused beyond them by name', async () => {
  const { nectar } = await load({
    NECTAR_ACCESS_TOKEN_SECONDS: '60',
    NECTAR_REFRESH_IDLE_SECONDS: '7200',
    NECTAR_MAXIMUM_VALIDITY_DAYS: '30',
    NECTAR_MAXIMUM_LIVE_TOKENS: '1',
    NECTAR_BASIC: 'off',
  });
  assert.deepEqual(nectar, {
    accessTokenSeconds: 60,
    recordUseEverySeconds: 60,
    refreshIdleSeconds: 7200,
    maximumValidityDays: 30,
    maximumLive: 1,
    basic: 'off',
  });
  assert.equal((await load({ NECTAR_REFRESH_IDLE_SECONDS: 'off' })).nectar.refreshIdleSeconds, null);
  const beyond = {
    NECTAR_ACCESS_TOKEN_SECONDS: ['59', '86401', '60.5', '1e3', 'x'],
    NECTAR_REFRESH_IDLE_SECONDS: ['299', '-1', 'never'],
    NECTAR_MAXIMUM_VALIDITY_DAYS: ['0', '3651'],
    NECTAR_MAXIMUM_LIVE_TOKENS: ['0', '1001'],
    NECTAR_BASIC: ['yes', 'true'],
    NECTAR_BASICS: ['on'],
  };
  for (const [variable, values] of Object.entries(beyond))
    for (const value of values)
      assert.match((await faultsOf({ [variable]: value })).join(), new RegExp(`^${variable}: `), value);
});
