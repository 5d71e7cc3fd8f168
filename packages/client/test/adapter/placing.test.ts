/** Guarantees of placing: exactly one token, exactly where it belongs, and the caller's request unchanged. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  assertPlaceable,
  placeToken,
  Secret,
  type Token,
  type TokenClientError,
  type WireRequest,
} from '../../src/index.ts';
import { type Changes, failureOf, planOf, readable, type Sent } from './full-adapter.ts';

const tokenOf = (text: string, second: string | null = null): Token => ({
  token: new Secret(text),
  tokenp2: second === null ? null : new Secret(second),
  refreshToken: null,
  expiresAtMs: null,
  asReceived: null,
});
const get: WireRequest = {
  method: 'GET',
  url: 'https://nms.example.com/w/42?a=1',
  headers: [['Accept', 'application/json']],
  body: null,
};
const second = {
  responseProperties: { token: { external_name: 'access_token' }, tokenp2: { external_name: 'id' } },
};

function place(
  auth_field: unknown,
  auth_field_format: unknown,
  request: WireRequest = get,
  token = 'tok-1',
  more: Changes = {},
): Sent {
  const plan = planOf({ ...more, authentication: { ...more.authentication, auth_field, auth_field_format } });
  const before = structuredClone(request);
  const placed = placeToken(plan, request, tokenOf(token, 'second'));
  assert.deepEqual(request, before);
  return readable(placed);
}

const json = (body: unknown): WireRequest => post(JSON.stringify(body), 'application/json');
function post(body: string, type: string | null): WireRequest {
  const bytes = new TextEncoder().encode(body);
  const headers: WireRequest['headers'] = [
    ...(type === null ? [] : [['Content-Type', type] as const]),
    ['Content-Length', String(bytes.length)],
  ];
  return { method: 'POST', url: 'https://nms.example.com/w', headers, body: bytes };
}
const bodyOf = (field: string, request: WireRequest, token = 'tok-1'): string | null =>
  place(field, '{token}', request, token).body;
const refusedKind = (work: () => unknown): string => failureOf<TokenClientError>(work).kind;

test('each place of the table', () => {
  assert.equal(
    place('header.headers.X-AUTH-TOKEN', 'Bearer {token}').headers['x-auth-token'],
    'Bearer tok-1',
  );
  assert.equal(
    place('header.auth', '{username}:{token}').headers.authorization,
    'Basic c3lzdGVtdXNlcjp0b2stMQ==',
  );
  assert.equal(place('url', 'token={token}').url, 'https://nms.example.com/w/42?token=tok-1&a=1');
  assert.equal(place('urlpath', '{token}').url, 'https://nms.example.com/w/42/tok-1?a=1');
  assert.equal(bodyOf('body.a.b', json({ name: 'x' })), '{"name":"x","a":{"b":"tok-1"}}');
  const example = place('body.session', '{token}', json({ name: 'x' }));
  assert.deepEqual(
    [example.body, example.headers['content-length']],
    ['{"name":"x","session":"tok-1"}', '30'],
  );
});

test('without auth_field and its format: X-AUTH-TOKEN, the token alone', () => {
  assert.equal(place(undefined, undefined).headers['x-auth-token'], 'tok-1');
});

test('a header replaces those of its name in any letter case; cookies are merged by name', () => {
  const request: WireRequest = {
    ...get,
    headers: [
      ['AUTHORIZATION', 'old'],
      ['authorization', 'older'],
      ['cookie', 'a=1; sid=old; b=2'],
    ],
  };
  assert.deepEqual(place('header.headers.Authorization', '{token}', request).headers, {
    authorization: 'tok-1',
    cookie: 'a=1; sid=old; b=2',
  });
  assert.equal(place('header.headers.Cookie', 'sid={token}', request).headers.cookie, 'a=1; b=2; sid=tok-1');
});

test('in a URL values are percent-encoded and the written format is not; a fragment stays last', () => {
  const at = (url: string): WireRequest => ({ ...get, url: `https://h${url}` });
  const token = 'a+b/c= é&#';
  const encoded = encodeURIComponent(token);
  assert.equal(place('url', 'token={token}', at('/w'), token).url, `https://h/w?token=${encoded}`);
  assert.equal(
    place('url', 't[x]={token}&u=a/b c', at('/w?z#f?g'), token).url,
    `https://h/w?t[x]=${encoded}&u=a/b%20c&z#f?g`,
  );
  assert.equal(place('url', 't={b64}{token}{/b64}', at('/w'), '>>>?').url, 'https://h/w?t=Pj4%2BPw%3D%3D');
  assert.equal(place('urlpath', '{token}', at('/w/#f'), token).url, `https://h/w/${encoded}#f`);
  assert.equal(place('urlpath', '/s/{token}', at('/w/'), 't').url, 'https://h/w/s/t');
  for (const dots of ['.', '..'])
    assert.equal(
      refusedKind(() => place('urlpath', '{token}', get, dots)),
      'placement_failed',
    );
  assert.equal(
    place('urlpath', 'v.{token}', get, '.').url,
    'https://nms.example.com/w/42/v..?a=1'.replace('v..', 'v..'),
  );
});

test('a format is literal: every occurrence, and nothing inside a value is looked at again', () => {
  const token = 'a$&b$$c{password}{b64}';
  assert.equal(place('header.headers.X', '{token}|{token}', get, token).headers.x, `${token}|${token}`);
  const twice = place('header.headers.X', '{b64}{token}{/b64}.{b64}{username}{/b64}', get, token).headers.x;
  assert.equal(
    twice,
    `${Buffer.from(token).toString('base64')}.${Buffer.from('systemuser').toString('base64')}`,
  );
  assert.equal(place('header.headers.X', 'x {word} {token}').headers.x, 'x {word} tok-1');
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme-ascii' }),
      fc.string({ unit: 'grapheme-ascii' }),
      (value, password) => {
        const sent = place('body.t', '{token}/{password}', json({}), value, {
          authentication: { password: `p${password}` },
        });
        assert.deepEqual(JSON.parse(sent.body ?? ''), { t: `${value}/p${password}` });
      },
    ),
    { numRuns: 100 },
  );
});

test('several fields and formats pair by index, and a missing format is the first', () => {
  const fields = ['header.headers.X-One', 'header.headers.X-Two', 'url'];
  const sent = place(fields, ['t={token}', '{tokenp2}'], get, 'tok-1', second);
  assert.deepEqual([sent.headers['x-one'], sent.headers['x-two']], ['t=tok-1', 'second']);
  assert.equal(sent.url, 'https://nms.example.com/w/42?t=tok-1&a=1');
});

test('in a JSON body: nested, merged, replaced, and everything else as it was', () => {
  assert.equal(bodyOf('body.a.b', json({ a: { c: 1, b: 'old' } })), '{"a":{"c":1,"b":"tok-1"}}');
  assert.equal(bodyOf('body.a\\.b', json({})), '{"a.b":"tok-1"}');
  const precise = '{"id":12345678901234567890,"x":1.10,"t":1e400}';
  assert.equal(
    bodyOf('body.s', post(precise, 'application/json')),
    '{"id":12345678901234567890,"x":1.10,"t":1e400,"s":"tok-1"}',
  );
  assert.equal(
    bodyOf('body.s', post('{"__proto__":{"x":1}}', 'application/vnd.api+json; charset=utf-8')),
    '{"__proto__":{"x":1},"s":"tok-1"}',
  );
  assert.equal(bodyOf('body.s', post('{"a":1}', null)), '{"a":1,"s":"tok-1"}');
});

test('an empty body becomes a JSON object, unless it is a form', () => {
  const empty: WireRequest = {
    method: 'POST',
    url: 'https://h/',
    headers: [['Content-Length', '0']],
    body: null,
  };
  const sent = place('body.session', '{token}', empty);
  assert.deepEqual(
    [sent.body, sent.headers],
    ['{"session":"tok-1"}', { 'content-length': '19', 'content-type': 'application/json' }],
  );
  assert.equal(bodyOf('body.session', post('', 'application/x-www-form-urlencoded')), 'session=tok-1');
});

test('in forms the dotted name is the key, and an existing key is replaced', () => {
  const urlencoded = (body: string) => post(body, 'application/x-www-form-urlencoded');
  assert.equal(bodyOf('body.a.b', urlencoded('name=x')), 'name=x&a.b=tok-1');
  assert.equal(
    bodyOf('body.a.b', urlencoded('a.b=old&name=x&a%2Eb=older'), 'é &'),
    'name=x&a.b=%C3%A9%20%26',
  );
  const part = (name: string, value: string, more = '') =>
    `--B\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
  const file = part('f', '\u0000\u0001--B-', '; filename="t.bin"');
  const sent = place(
    'body.t',
    '{token}',
    post(`${part('t', 'old')}${file}--B--\r\n`, 'multipart/form-data; boundary=B'),
  );
  assert.equal(sent.body, `${file}${part('t', 'tok-1')}--B--\r\n`);
  assert.equal(sent.headers['content-length'], String(Buffer.byteLength(sent.body ?? '')));
});

test('bodies with no place for a token are refused, before and while placing', () => {
  const plan = planOf({ authentication: { auth_field: 'body.a.b' } });
  const token = tokenOf('tok-1');
  for (const request of [
    json([1]),
    json('text'),
    json(null),
    json({ a: 7 }),
    json({ a: [1] }),
    post('no json', 'application/json'),
    post('<a/>', 'application/xml'),
    post('x', 'text/plain'),
    post('x', 'multipart/form-data'),
    post('x', 'multipart/form-data; boundary=B'),
    get,
    { ...get, method: 'HEAD' },
  ]) {
    assert.equal(
      refusedKind(() => placeToken(plan, request, token)),
      'placement_failed',
    );
    assert.equal(
      refusedKind(() => assertPlaceable(plan, request)),
      'placement_failed',
    );
  }
  assert.equal(
    refusedKind(() => assertPlaceable(plan, { method: 'POST', headers: [], body: 'stream' })),
    'placement_failed',
  );
  assertPlaceable(plan, json({}));
  assertPlaceable(planOf(), { method: 'POST', headers: [], body: 'stream' });
});

test('a body on a GET only where it is allowed', () => {
  const sent = place('body.t', '{token}', get, 'tok-1', { options: { allowBodyOnGet: true } });
  assert.equal(sent.body, '{"t":"tok-1"}');
});

test('a token that no header can carry is refused, and not repeated', () => {
  for (const token of ['a\r\nX: evil', 'a\nb', 'a\u0000b', 'a\u007fb', 'tök€n', '😀']) {
    const error = failureOf<TokenClientError>(() => place('header.headers.X', '{token}', get, token));
    assert.deepEqual([error.kind, error.icode], ['unsafe_header', 'AD.900']);
    assert.ok(!error.message.includes(token));
  }
  assert.equal(place('header.headers.X', '{token}', get, 'tök\t n').headers.x, 'tök\t n');
});

test('placing again replaces: no second token is ever appended from one original request', () => {
  for (const field of ['url', 'urlpath', 'body.a.b', 'header.headers.X']) {
    const request = field.startsWith('body') ? json({ name: 'x' }) : get;
    const first = place(field, 'v={token}', request, 'first-token');
    const again = place(field, 'v={token}', request, 'second-token');
    assert.ok(JSON.stringify(first).includes('first-token'));
    assert.ok(
      JSON.stringify(again).includes('second-token') && !JSON.stringify(again).includes('first-token'),
    );
  }
});

test('static tokens and passwords are placed without any token request', () => {
  const token = {
    auth_method: 'static_token',
    token: 'st',
    auth_field: 'header.headers.X',
    auth_field_format: '{token}',
  };
  const plan = planOf({ authentication: token, files: {} });
  assert.equal(plan.step.kind, 'static');
  const basic = {
    auth_method: 'basic user_password',
    auth_field: 'header.auth',
    auth_field_format: '{username}:{password}',
  };
  assert.equal(
    place('header.auth', '{username}:{password}', get, '', { authentication: basic }).headers.authorization,
    'Basic c3lzdGVtdXNlcjpzeXN0ZW1wYXNzd29yZA==',
  );
  assert.deepEqual(planOf({ authentication: { auth_method: 'no_authentication' } }).placements, []);
});
