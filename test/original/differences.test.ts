/** Each difference from the original library that the specification lists: what it does, and what Tessera does. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Changes } from '../../packages/client/test/adapter/full-adapter.ts';
import { type Recorded, recordingServer } from './recording-server.ts';
import { call, inBody, loginAnswer, openSides, post, type Scenario, type Side, signIn } from './sides.ts';

const sides = openSides();
const tokenRequests = ({ requests }: Side): readonly Recorded[] =>
  requests.filter(({ url }) => url.startsWith(signIn));
const apiCalls = ({ requests }: Side): readonly Recorded[] =>
  requests.filter(({ url }) => !url.startsWith(signIn));
const firstCall = (side: Side): Recorded => apiCalls(side)[0] ?? assert.fail('no call was made');
/** Where no answer is what is expected. */
const impatientMs = 500;
const always =
  (status: number, ...of: readonly string[]): NonNullable<Scenario['answer']> =>
  (request, earlier) => {
    if (!request.url.startsWith(signIn)) return { status };
    return { body: `{"access_token":"${of[earlier] ?? of.at(-1)}"}` };
  };

test('differs: without a placement the original finds no token, Tessera looks in the body', async (t) => {
  const changes = { responseProperties: { token: { type: 'string', external_name: 'access_token' } } };
  const { theirs, ours } = await sides(t, { changes });
  assert.deepEqual([theirs.outcomes, apiCalls(theirs).length], [['AD.402'], 0]);
  assert.deepEqual([ours.outcomes, firstCall(ours).headers.authorization], [['AD.200'], 'tok-1']);
});

test('differs: with XML and PLAIN bodies, a wrong type or a failing check the original never answers', async (t) => {
  const requests: readonly [Changes, string][] = [
    [{ action: { requestDatatype: 'XML' } }, '<user>systemuser</user><passwd>systempassword</passwd>'],
    [{ action: { requestDatatype: 'JSON2XML' } }, '<user>systemuser</user><passwd>systempassword</passwd>'],
    [
      { action: { requestDatatype: 'PLAIN' }, options: { plainTemplate: '{username}:{password}' } },
      'systemuser:systempassword',
    ],
  ];
  for (const [changes, body] of requests) {
    const { theirs, ours } = await sides(t, { changes }, impatientMs);
    assert.deepEqual([theirs.outcomes, ours.outcomes, ours.requests[0]?.body], [[null], ['AD.200'], body]);
  }
  const numeric: Scenario = {
    calls: [call, call],
    answer: (_request, earlier) => ({
      body: earlier === 0 ? '{"access_token":7}' : '{"access_token":"good"}',
    }),
  };
  const typed = await sides(t, numeric, impatientMs);
  assert.deepEqual(
    [typed.theirs.outcomes, typed.ours.outcomes],
    [
      [null, null],
      ['token_wrong_type', 'AD.200'],
    ],
  );
  const checked = await sides(
    t,
    { changes: { requestProperties: { username: { type: 'integer' }, password: {} } } },
    impatientMs,
  );
  assert.deepEqual([checked.theirs.outcomes, checked.ours.outcomes], [[null], ['request_invalid']]);
});

test('differs: a token of a minute is never reused by the original, because its margin is a minute', async (t) => {
  const { theirs, ours } = await sides(t, {
    changes: { authentication: { token_timeout: 60000 } },
    calls: [call, call, call],
  });
  assert.deepEqual([tokenRequests(theirs).length, tokenRequests(ours).length], [3, 1]);
});

test('differs: a refused token is sent again by the original, number_retries + 2 attempts in all', async (t) => {
  const changes = { service: { request: { number_retries: 3 } } };
  const same = await sides(t, { changes, answer: always(401, 'tok-1') });
  assert.equal(apiCalls(same.theirs).length, 5);
  assert.ok(apiCalls(same.theirs).every(({ headers }) => headers.authorization === 'tok-1'));
  assert.deepEqual([apiCalls(same.ours).length, same.ours.outcomes], [1, ['call_refused']]);
  const fresh = await sides(t, { changes, answer: always(401, 't1', 't2', 't3', 't4', 't5', 't6') });
  assert.deepEqual(
    apiCalls(fresh.ours).map(({ headers }) => headers.authorization),
    ['t1', 't2', 't3', 't4'],
  );
});

test('differs: repeating with a token in the URL, the original keeps the refused one there as well', async (t) => {
  const answer: Scenario['answer'] = (request, earlier) => {
    if (request.url === signIn) return { body: `{"access_token":"tok-${earlier + 1}"}` };
    return request.url.includes('tok-2') ? {} : { status: 401 };
  };
  const inQuery = await sides(t, {
    changes: { authentication: { auth_field: 'url', auth_field_format: 'token={token}' } },
    answer,
  });
  assert.deepEqual(
    [apiCalls(inQuery.theirs)[1]?.url, apiCalls(inQuery.ours)[1]?.url],
    ['/api/v1/widgets/42?token=tok-2&token=tok-1&a=1', '/api/v1/widgets/42?token=tok-2&a=1'],
  );
  const inPath = await sides(t, { changes: { authentication: { auth_field: 'urlpath' } }, answer });
  assert.deepEqual(
    [apiCalls(inPath.theirs)[1]?.url, apiCalls(inPath.ours)[1]?.url],
    ['/api/v1/widgets/42/tok-1/tok-2?a=1', '/api/v1/widgets/42/tok-2?a=1'],
  );
});

test('differs: values in a URL are raw with the original, and percent-encoded here', async (t) => {
  const raw = await sides(t, {
    changes: { authentication: { auth_field: 'url', auth_field_format: 'token={token}' } },
    answer: (request) => (request.url === signIn ? { body: '{"access_token":"a+b/c="}' } : {}),
  });
  assert.deepEqual(
    [firstCall(raw.theirs).url, firstCall(raw.ours).url],
    ['/api/v1/widgets/42?token=a+b/c=&a=1', '/api/v1/widgets/42?token=a%2Bb%2Fc%3D&a=1'],
  );
  const path: Scenario = { changes: { action: { method: 'GET', entitypath: '/login/{username}{query}' } } };
  const { theirs, ours } = await sides(t, {
    ...path,
    answer: (request) => (request.url.startsWith('/login') ? { body: '{"access_token":"t"}' } : {}),
  });
  assert.deepEqual(
    [theirs.requests[0]?.url, ours.requests[0]?.url],
    ['/loginsystemuser{query}', '/login/systemuser'],
  );
});

test('differs: body.a.b replaces the whole body with the original, and is merged here', async (t) => {
  const changes = { authentication: { auth_field: 'body.a.b' } };
  const { theirs, ours } = await sides(t, { changes, calls: [post] });
  assert.deepEqual(
    [firstCall(theirs).body, firstCall(ours).body],
    ['{"b":"tok-1"}', '{"name":"x","a":{"b":"tok-1"}}'],
  );
});

test('differs: the original fills the first variable only, reads $ in values, and writes null for a missing piece', async (t) => {
  const answer: Scenario['answer'] = (request) =>
    request.url === signIn ? { body: '{"access_token":"a$&b"}' } : {};
  const format = (auth_field_format: string): Changes => ({
    authentication: { auth_field: 'header.headers.X', auth_field_format },
  });
  const twice = await sides(t, { changes: format('{token} {token}'), answer });
  assert.deepEqual(
    [firstCall(twice.theirs).headers.x, firstCall(twice.ours).headers.x],
    ['a{token}b {token}', 'a$&b a$&b'],
  );
  const missing = await sides(t, { changes: format('{token} {tokenp2}') });
  assert.deepEqual(
    [firstCall(missing.theirs).headers.x, missing.ours.outcomes],
    ['tok-1 null', ['configuration']],
  );
});

test('differs: front cuts at position 0 too; line ends and a leading quote of a PLAIN token do no harm', async (t) => {
  const plain = (body: string, token: object = {}): Scenario => ({
    changes: {
      authentication: { token_timeout: -1, auth_field: 'url', auth_field_format: 't={token}' },
      action: { responseDatatype: 'PLAIN' },
      responseProperties: { token: { type: 'string', placement: 'BODY', ...token } },
    },
    answer: (request) => (request.url === signIn ? { body } : {}),
  });
  const cut = await sides(t, plain('<t>abc', { front: '<t>' }));
  assert.deepEqual(
    [firstCall(cut.theirs).url.includes('<t>abc'), firstCall(cut.ours).url],
    [true, '/api/v1/widgets/42?t=abc&a=1'],
  );
  const quoted = await sides(t, plain('"half'));
  assert.deepEqual(
    [firstCall(quoted.theirs).url, firstCall(quoted.ours).url],
    ['/api/v1/widgets/42?t=hal&a=1', '/api/v1/widgets/42?t=%22half&a=1'],
  );
});

test('differs: twenty cold calls are one token request here, and the status of its failure is kept', async (t) => {
  const calls = Array.from({ length: 20 }, () => call);
  const cold = await sides(t, { calls, order: 'at-once' });
  assert.deepEqual([apiCalls(cold.ours).length, tokenRequests(cold.ours).length], [20, 1]);
  const failing = await sides(t, {
    calls,
    order: 'at-once',
    answer: (request) => (request.url === signIn ? { status: 500 } : {}),
  });
  assert.equal(tokenRequests(failing.theirs).length, 20);
  assert.deepEqual(
    [tokenRequests(failing.ours).length, new Set(failing.ours.outcomes)],
    [1, new Set(['token_status'])],
  );
});

test('differs: seconds in expires are 1970 for the original, and so are never kept', async (t) => {
  const changes: Changes = {
    authentication: { token_timeout: 0 },
    responseProperties: {
      ...inBody,
      expires: { type: 'integer', placement: 'BODY', external_name: 'expires_in' },
    },
  };
  const answer: Scenario['answer'] = (request) =>
    request.url === signIn ? { body: '{"access_token":"t","expires_in":3600}' } : {};
  const { theirs, ours } = await sides(t, { changes, calls: [call, call], answer });
  assert.deepEqual([tokenRequests(theirs).length, tokenRequests(ours).length], [2, 1]);
});

test('differs: sso of "" and 0 in the service hides the action’s port from the original; GET with URLQUERY sends nothing', async (t) => {
  const other = await recordingServer(t, () => ({ body: '{"access_token":"tok-1"}' }));
  const changes: Changes = {
    authentication: { sso: { protocol: '', host: '', port: 0 } },
    action: { sso: { protocol: 'http', host: '127.0.0.1', port: other.port } },
  };
  const { theirs, ours } = await sides(t, { changes });
  assert.deepEqual(
    [tokenRequests(theirs).length, tokenRequests(ours).length, other.take().length],
    [1, 0, 1],
  );
  const query = await sides(t, { changes: { action: { method: 'GET', requestDatatype: 'URLQUERY' } } });
  assert.deepEqual(
    [query.theirs.requests[0]?.url, query.ours.requests[0]?.url],
    [signIn, `${signIn}?user=systemuser&passwd=systempassword`],
  );
});

test('differs: cookies go back with attributes and decoded from the original, as pairs and as received from here', async (t) => {
  const cookie = (external_name: string, auth_field_format: string): Scenario => ({
    changes: {
      authentication: { auth_field: 'header.headers.Cookie', auth_field_format },
      responseProperties: { token: { type: 'string', placement: 'HEADER', external_name } },
    },
    answer: (request) =>
      request.url === signIn ? { headers: { 'set-cookie': ['a=1; Path=/; HttpOnly', 'b=x%20y'] } } : {},
  });
  const all = await sides(t, cookie('set-cookie', '{token}'));
  assert.deepEqual(
    [firstCall(all.theirs).headers.cookie, firstCall(all.ours).headers.cookie],
    ['a=1; Path=/; HttpOnly; b=x%20y', 'a=1; b=x%20y'],
  );
  const one = await sides(t, cookie('set-cookie.b', 'b={token}'));
  assert.deepEqual(
    [firstCall(one.theirs).headers.cookie, firstCall(one.ours).headers.cookie],
    ['b=x y', 'b=x%20y'],
  );
});

test('differs: a GET says no type for a body it has not; a form has a known length', async (t) => {
  const { theirs, ours } = await sides(t, {});
  assert.deepEqual(
    [firstCall(theirs).headers['content-type'], firstCall(ours).headers['content-type']],
    ['application/json', undefined],
  );
  const form = await sides(t, { changes: { action: { requestDatatype: 'FORM' } } });
  const [one, other] = [form.theirs.requests[0], form.ours.requests[0]];
  assert.deepEqual(
    [one?.headers['transfer-encoding'], other?.headers['transfer-encoding']],
    ['chunked', undefined],
  );
  const parts = (request: Recorded | undefined): string | undefined =>
    request?.body.replaceAll(/boundary=(.*)$/.exec(request.headers['content-type'] ?? '')?.[1] ?? '-', 'B');
  assert.equal(parts(other), parts(one));
});

test('differs: an unknown data type is PLAIN for the original, and an error here; {code} of a client secret is decoded here', async (t) => {
  const unknown = await sides(t, { changes: { action: { responseDatatype: 'JSOM' } } }, impatientMs);
  assert.deepEqual(unknown.ours.outcomes, ['configuration']);
  const coded = await sides(t, { changes: { authentication: { client_secret: '{code}Y3M=' } } });
  const secret = (side: Side): unknown =>
    (JSON.parse(side.requests[0]?.body ?? '{}') as { client_secret?: unknown }).client_secret;
  assert.deepEqual([secret(coded.theirs), secret(coded.ours)], ['{code}Y3M=', 'cs']);
});

test('differs: with a redirect, credentials follow to another origin from the original, and never from here', async (t) => {
  const other = await recordingServer(t, () => ({}));
  const changes = { service: { request: { number_redirects: 1 } } };
  const answer: Scenario['answer'] = (request) =>
    request.url.startsWith(signIn)
      ? null
      : { status: 302, headers: { location: `http://127.0.0.1:${other.port}/elsewhere` } };
  const { ours } = await sides(t, { changes, answer });
  const [theirsThere, oursThere] = other.take();
  assert.equal(ours.outcomes[0], 'AD.200');
  assert.deepEqual(
    [theirsThere?.headers.authorization, oursThere?.headers.authorization],
    ['tok-1', undefined],
  );
});

test('differs: a call of the token’s own path carries faketoken from the original, and a real one from here', async (t) => {
  const { theirs, ours } = await sides(t, {
    changes: { action: { entitypath: '/login' } },
    calls: [{ method: 'POST', path: '/login', body: { name: 'x' } }],
    answer: loginAnswer,
  });
  assert.deepEqual(
    [theirs.requests.at(-1)?.headers.authorization, ours.requests.at(-1)?.headers.authorization],
    ['faketoken', 'tok-1'],
  );
});
