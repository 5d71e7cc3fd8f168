/** System properties and information. Spec ciphertrust §10. @module */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { auditEntries } from '../harness/stored.ts';
import { errorOf, ok, onEachEngine, propertiesPath } from './dialect.ts';

const defaults: Readonly<Record<string, string>> = {
  MAXIMUM_REFRESH_TOKEN_LIFETIME: '',
  ISSUE_REFRESH_TOKEN_BY_DEFAULT: 'false',
  REFRESH_TOKEN_RENEWAL_GRACE: '30s',
  REFRESH_TOKEN_LOST_ANSWER_WINDOW: '24h',
  MAXIMUM_SESSION_LIFETIME: '',
  UI_IDLE_SESSION_TIMEOUT: '10m',
};

onEachEngine((dialect) => {
  test('the list has every property with its default and a description, all of them text', async () => {
    const { body } = ok(await dialect.api.get(`${propertiesPath}?limit=100`, { jwt: await dialect.jwt() }));
    const found = new Map<string, string>();
    for (const { name, value, description, ...others } of body.resources) {
      assert.deepEqual(others, {});
      assert.ok(description.length > 0);
      found.set(name, value);
    }
    assert.equal(body.total, found.size);
    for (const [name, value] of Object.entries(defaults)) assert.equal(found.get(name), value, name);
  });

  test('a change answers the item, is audited with who made it, and a reset brings the default back', async () => {
    const jwt = await dialect.jwt();
    for (const [name, value] of Object.entries(defaults)) {
      const other = value === 'false' ? 'true' : '17m';
      const changed = ok(
        await dialect.api.patch(`${propertiesPath}/${name}`, { value: other }, { jwt }),
      ).body;
      assert.deepEqual([changed.name, changed.value], [name, other]);
      assert.equal(ok(await dialect.api.get(`${propertiesPath}/${name}/`, { jwt })).body.value, other);
      const reset = ok(await dialect.api.post(`${propertiesPath}/${name}/reset`, undefined, { jwt })).body;
      assert.deepEqual([reset.name, reset.value], [name, value]);
      const audited = (await auditEntries(dialect.server, 'setting_changed')).map((row) =>
        JSON.stringify(row),
      );
      assert.ok(audited.some((row) => row.includes(name)));
    }
  });

  describe('a value is limited:', () => {
    const refused: readonly [name: string, value: string][] = [
      ['ISSUE_REFRESH_TOKEN_BY_DEFAULT', 'perhaps'],
      ['ISSUE_REFRESH_TOKEN_BY_DEFAULT', ''],
      ['REFRESH_TOKEN_RENEWAL_GRACE', '2h'],
      ['REFRESH_TOKEN_RENEWAL_GRACE', '-1s'],
      ['REFRESH_TOKEN_LOST_ANSWER_WINDOW', '31d'],
      ['MAXIMUM_SESSION_LIFETIME', '0'],
      ['UI_IDLE_SESSION_TIMEOUT', 'never'],
    ];
    for (const [name, value] of refused) {
      test(`${name} is not ${JSON.stringify(value)}`, async () => {
        const jwt = await dialect.jwt();
        const error = errorOf(await dialect.api.patch(`${propertiesPath}/${name}`, { value }, { jwt }));
        assert.deepEqual([error.status, error.code], [400, 9]);
        assert.match(error.message, new RegExp(`^${name}: `));
        assert.equal(
          ok(await dialect.api.get(`${propertiesPath}/${name}`, { jwt })).body.value,
          defaults[name],
        );
      });
    }
  });

  test('a change without a value is 400, of an unknown property 404, by anybody but group admin 403', async () => {
    const jwt = await dialect.jwt();
    const name = 'REFRESH_TOKEN_RENEWAL_GRACE';
    assert.equal(errorOf(await dialect.api.patch(`${propertiesPath}/${name}`, {}, { jwt })).code, 15);
    assert.equal(errorOf(await dialect.api.get(`${propertiesPath}/NO_SUCH`, { jwt })).code, 16);
    assert.equal(
      errorOf(await dialect.api.patch(`${propertiesPath}/NO_SUCH`, { value: 'x' }, { jwt })).code,
      16,
    );
    const plain = { jwt: await dialect.jwt(await dialect.createUser()) };
    assert.equal(
      errorOf(await dialect.api.patch(`${propertiesPath}/${name}`, { value: '1s' }, plain)).status,
      403,
    );
    assert.equal(errorOf(await dialect.api.post(`${propertiesPath}/${name}/reset`, {}, plain)).status, 403);
  });

  test('the system’s information needs an API token, its status and the root do not', async () => {
    const info = ok(await dialect.api.get('/api/v1/system/info', { jwt: await dialect.jwt() })).body;
    for (const key of ['name', 'version', 'model', 'vendor', 'uptime', 'system_time'])
      assert.ok(key in info, key);
    assert.match(info.uptime, /^\d+ days, \d+ hours, \d+ minutes$/);
    const status = ok(await dialect.api.get('/api/v1/system/services/status')).body;
    assert.deepEqual(status, { status: 'started' });
    const root = await dialect.api.get('/');
    assert.ok(root.status < 500);
  });
});
