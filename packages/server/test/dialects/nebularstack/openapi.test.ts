/** `/openapi.json` is true to the routes: which need a token, where it goes, what they answer. @module */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Fixture, startFixture } from '../ciphertrust/fixture.ts';

let fixture: Fixture;
before(async () => {
  fixture = await startFixture();
});
after(() => fixture.close());

interface Operation {
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, object>>;
}

test('every route but a sign-in and the list of endpoints needs X-Auth-Token, and is refused without it', async () => {
  const { paths, components } = (await fixture.call('GET', '/openapi.json')).json();
  const { type, in: where, name } = components.securitySchemes.accessToken;
  assert.deepEqual([type, where, name], ['apiKey', 'header', 'X-Auth-Token']);
  // What is malformed in itself is told first.
  const payload = JSON.stringify({ domain: 'x', refresh_token: 'x' });
  const open: string[] = [];
  for (const path of Object.keys(paths).filter((found) => /^\/v\d\//.test(found))) {
    for (const [method, { security, responses }] of Object.entries<Operation>(paths[path])) {
      const success = method === 'delete' || /\/(?:password|mfa\/disable)$/.test(path) ? '204' : '200';
      assert.deepEqual(Object.keys(responses), [success, '4XX', '5XX'], `${method} ${path}`);
      if (security === undefined) {
        open.push(`${method} ${path}`);
        continue;
      }
      assert.deepEqual(security, [{ accessToken: [] }]);
      const url = path.replaceAll(/\{[^}]+\}/g, 'x');
      const answer = await fixture.call(method.toUpperCase() as 'GET', url, { payload });
      assert.equal(answer.statusCode, 401, `${method} ${path}`);
    }
  }
  assert.deepEqual(open.toSorted(), [
    'get /v1/endpoints',
    'post /v1/token',
    'post /v2/token',
    'post /v3/token',
  ]);
});
