/** Guarantees of understanding an answer: a token, or one typed error, whatever came. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Header,
  placeToken,
  readStubToken,
  readTokenResponse,
  TokenClientError,
} from '../../src/index.ts';
import { answer, type Changes, failureOf, planOf, read, readable } from './full-adapter.ts';

const token = (external_name: string, more: object = {}): NonNullable<Changes['responseProperties']> => ({
  token: { type: 'string', external_name, ...more },
});
const revealed = (changes: Changes, body: string, headers: readonly Header[] = []): string =>
  read(changes, answer(body, headers)).token.reveal();

function refused(
  changes: Changes,
  body: string,
  headers: readonly Header[] = [],
  status = 200,
): TokenClientError {
  const error = failureOf<TokenClientError>(() => read(changes, answer(body, headers, status)));
  assert.ok(error instanceof TokenClientError, String(error));
  return error;
}

test('the founding answer, without a placement, gives its token', () => {
  assert.equal(revealed({}, '{"access_token":"tok-1"}'), 'tok-1');
});

test('every letter case of placement works, and a dotted name leads into the answer', () => {
  for (const placement of ['', 'body', 'BODY', undefined]) {
    assert.equal(revealed({ responseProperties: token('a.b\\.c', { placement }) }, '{"a":{"b.c":"t"}}'), 't');
  }
  assert.equal(
    revealed({ responseProperties: token('x-auth', { placement: 'Header' }) }, '', [['X-Auth', 't']]),
    't',
  );
});

test('a token in a header needs no body, though the schema looks there for what nothing uses', () => {
  const properties = {
    token: { type: 'string', external_name: 'x-auth', placement: 'HEADER' },
    tokenp2: { type: 'string', external_name: 'second' },
    expires: { type: 'string' },
  };
  const placed = { auth_field_format: '{token}{tokenp2}' };
  for (const body of ['', '<html>', '{"second":']) {
    const received = [['X-Auth', 't']] as const;
    assert.equal(revealed({ responseProperties: properties }, body, received), 't');
    const error = refused({ responseProperties: properties, authentication: placed }, body, received);
    assert.equal(error.kind, 'token_unreadable');
  }
});

test('a name that is not translated is the property’s own', () => {
  const changes = { responseSchema: { translate: false } };
  assert.equal(revealed(changes, '{"token":"own","access_token":"other"}'), 'own');
});

test('the service configuration says where the token is', () => {
  assert.equal(revealed({ authentication: { token_result_field: 'jwt' } }, '{"jwt":"t"}'), 't');
  const inHeader = { authentication: { token_result_field: 'x-t', token_response_placement: 'HEADER' } };
  assert.equal(revealed(inHeader, 'no json', [['X-T', 't']]), 't');
  assert.equal(revealed({ authentication: { auth_response_datatype: 'PLAIN' } }, 't'), 't');
});

test('PLAIN is the whole text, trimmed, without one pair of quotes', () => {
  const plain = { action: { responseDatatype: 'PLAIN' } };
  for (const body of ['tok', 'tok\r\n', '"tok"', ' "tok" ', '\ufefftok'])
    assert.equal(revealed(plain, body), 'tok');
  assert.equal(revealed(plain, '"a\\"b\\u00e9"'), 'a"bé');
  assert.equal(revealed(plain, '"unfinished'), '"unfinished');
  assert.equal(revealed(plain, '""quoted""'), '"quoted"');
});

test('front and end cut the text, at any position, each property by its own', () => {
  const changes: Changes = {
    action: { responseDatatype: 'XML' },
    responseProperties: {
      token: { type: 'string', front: '<t>', end: '</t>' },
      tokenp2: { type: 'string', front: 'id="', end: '"' },
    },
  };
  const found = read(changes, answer('<t>abc</t><s id="42"/>'));
  assert.deepEqual([found.token.reveal(), found.tokenp2?.reveal()], ['abc', '42']);
  assert.equal(
    revealed({ ...changes, responseProperties: { token: { front: '???', end: '???' } } }, ' all '),
    'all',
  );
});

test('XML2JSON reads from the root element on, beside attributes too, and decodes what XML encodes', () => {
  const xml = { action: { responseDatatype: 'XML2JSON' }, responseProperties: token('response.auth.token') };
  const inside = (element: string) => `<?xml version="1.0"?><response><auth>${element}</auth></response>`;
  assert.equal(revealed(xml, inside('<token>x</token>')), 'x');
  assert.equal(revealed(xml, inside('<token a="1">x</token>')), 'x');
  assert.equal(revealed(xml, inside('<token>\n  a&amp;b&#x41;&#66;&lt;\n</token>')), 'a&bAB<');
  assert.equal(revealed(xml, inside('<token><![CDATA[a&amp;b]]></token>')), 'a&amp;b');
  assert.equal(revealed(xml, inside('<token>007</token>')), '007');
  assert.equal(revealed(xml, inside('<token>one</token><token>two</token>')), 'one');
  const attribute = { ...xml, responseProperties: token('r._attr.id') };
  assert.equal(revealed(attribute, '<r id="a&quot;b"/>'), 'a"b');
});

test('bombs, document types and broken XML are unreadable at once', () => {
  const xml = { action: { responseDatatype: 'XML2JSON' }, responseProperties: token('a.token') };
  const entities = '<!DOCTYPE a [<!ENTITY x "aaaaaaaaaa"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>';
  const deep = (depth: number) => `${'<a>'.repeat(depth)}x${'</a>'.repeat(depth)}`;
  for (const body of [
    `${entities}<a><token>&y;</token></a>`,
    '<!doctype a SYSTEM "file:///etc/passwd"><a/>',
    '<a><token>&unknown;</token></a>',
    '<a><token>&#xD800;</token></a>',
    '<a><token>x</a>',
    '<a/><b/>',
    'no xml',
    '',
    deep(33),
    deep(100_000),
    '<a><__proto__><token>x</token></__proto__></a>',
  ]) {
    assert.equal(refused(xml, body).kind, 'token_unreadable', body.slice(0, 60));
  }
  assert.equal(revealed({ ...xml, responseProperties: token(Array(32).fill('a').join('.')) }, deep(32)), 'x');
});

test('URLENCODE takes the first of repeated keys', () => {
  const form = { action: { responseDatatype: 'URLENCODE' } };
  assert.equal(revealed(form, 'access_token=a+b%2Bc&access_token=second&x'), 'a b+c');
});

test('arrays give their element 0, and the key says where the answer begins', () => {
  assert.equal(revealed({}, '[{"access_token":"first"},{"access_token":"second"}]'), 'first');
  const keyed = { action: { responseObjects: [{ key: 'data.items[1]' }] } };
  assert.equal(revealed(keyed, '{"data":{"items":[{},{"access_token":"t"}]}}'), 't');
});

test('a default stands in, base64 is decoded, a JSON text is parsed', () => {
  assert.equal(revealed({ responseProperties: token('x', { default: 'usual' }) }, '{}'), 'usual');
  assert.equal(revealed({ responseProperties: token('x', { encode: true }) }, '{"x":"dMO2aw=="}'), 'tök');
  const parsed = { responseProperties: token('data.token', { parse: true }) };
  assert.equal(revealed(parsed, '{"data":"{\\"token\\":\\"t\\"}"}'), 't');
});

test('a number is a token only where numbers are declared, or nothing is', () => {
  const typed = (type: unknown): Changes => ({
    responseProperties: { token: { type, external_name: 'access_token' } },
  });
  const error = refused(typed('string'), '{"access_token":12345}');
  assert.deepEqual([error.kind, error.icode], ['token_wrong_type', 'AD.312']);
  assert.match(error.message, /schemaTokenResp\.json#\/properties\/token\/type/);
  assert.match(error.message, /number/);
  assert.equal(revealed(typed('string'), '{"access_token":"good"}'), 'good');
  for (const type of [['string', 'number'], 'integer', undefined]) {
    assert.equal(revealed(typed(type), '{"access_token":12345}'), '12345');
  }
  assert.equal(refused(typed('integer'), '{"access_token":1.5}').kind, 'token_wrong_type');
  for (const value of ['true', '{}', '{"a":1}']) {
    assert.equal(refused(typed(undefined), `{"access_token":${value}}`).kind, 'token_wrong_type', value);
  }
});

test('absent, null and empty tokens are missing; a second piece only where a format wants it', () => {
  for (const body of [
    '{}',
    '{"access_token":null}',
    '{"access_token":""}',
    '{"access_token":[]}',
    '[]',
    '7',
    'null',
  ]) {
    assert.equal(refused({}, body).kind, 'token_missing', body);
  }
  const second = {
    responseProperties: {
      token: { external_name: 'access_token' },
      tokenp2: { external_name: 'id', type: 'string' },
    },
  };
  assert.equal(read(second, answer('{"access_token":"t"}')).tokenp2, null);
  assert.equal(read(second, answer('{"access_token":"t","id":7}')).tokenp2, null);
  const placed = { ...second, authentication: { auth_field_format: '{token} {tokenp2}' } };
  assert.equal(refused(placed, '{"access_token":"t"}').kind, 'token_missing');
});

test('members of prototypes are not members of an answer', () => {
  for (const name of ['toString', 'valueOf', 'hasOwnProperty']) {
    assert.equal(
      refused({ responseProperties: token(name, { type: undefined }) }, '{}').kind,
      'token_missing',
    );
  }
});

test('HTML, cut JSON, other encodings and emptiness are unreadable, and nothing of a secret is repeated', () => {
  for (const body of ['<html>systempassword</html>', '{"access_token":"to', '', '\u0000']) {
    const error = refused({}, body);
    assert.equal(error.kind, 'token_unreadable', body);
    assert.doesNotMatch(`${error.message}${error.excerpt}`, /systempassword/);
  }
  const bytes = { status: 200, headers: [], body: new Uint8Array([0x74, 0xff, 0x6b]) };
  for (const responseDatatype of ['JSON', 'PLAIN', 'XML', 'URLENCODE']) {
    const plan = planOf({ action: { responseDatatype } });
    assert.equal(
      failureOf<TokenClientError>(() => readTokenResponse(plan, bytes, 0, 0)).kind,
      'token_unreadable',
    );
  }
});

test('2xx is an answer; 3xx too where no redirect is followed and a token is found; all else is an error with its status', () => {
  assert.equal(read({}, answer('{"access_token":"t"}', [], 299)).token.reveal(), 't');
  assert.equal(read({}, answer('{"access_token":"t"}', [], 302)).token.reveal(), 't');
  const follows = { service: { request: { number_redirects: 1 } } };
  assert.equal(refused(follows, '{"access_token":"t"}', [], 302).kind, 'token_status');
  for (const status of [199, 400, 401, 403, 500, 503]) {
    const error = refused({}, '{"access_token":"t"}', [], status);
    assert.deepEqual(
      [error.kind, error.status, error.icode, error.stage],
      ['token_status', status, 'AD.402', 'token'],
    );
  }
  assert.equal(refused({ authentication: { token_timeout: -1 } }, '', [], 401).icode, 'AD.400');
});

test('a redirect without a token is its status, and one that leads to another origin is not followed', () => {
  const to = (location: string) => refused({}, '<html>', [['Location', location]], 302);
  for (const location of ['/elsewhere', 'https://nms.example.com/elsewhere', 'no url://']) {
    assert.deepEqual([to(location).kind, to(location).status], ['token_status', 302]);
  }
  const error = to('https://evil.example.com/login?x=systempassword');
  assert.deepEqual([error.kind, error.status, error.icode], ['redirect_refused', 302, 'AD.402']);
  assert.doesNotMatch(error.message, /evil|systempassword/);
});

test('a refusal tells the address, the status, what the server said and what to do, all masked', () => {
  const error = refused(
    {
      authentication: { sso: { host: 'login.example.com' } },
      action: { entitypath: '/oauth/token?key=abc&p={password}', requestDatatype: 'URLENCODE' },
    },
    '{"error":"access_denied","user":"systemuser","token":"t0p","nested":{"session_id":"s1"}}',
    [],
    403,
  );
  assert.equal(
    error.message,
    'Token request refused: POST https://login.example.com/oauth/token?key=[secret]&p=[secret] answered 403 ' +
      '{"error":"access_denied","user":"[secret]","token":"[secret]","nested":{"session_id":"[secret]"}}. ' +
      'Check username and password, and that the server reads URLENCODE.',
  );
});

const cookies: readonly Header[] = [
  ['Set-Cookie', 'JSESSIONID=abc%20123; Path=/; HttpOnly'],
  ['set-cookie', 'XSRF-TOKEN=x%3D%3D; Path=/'],
];
const cookieChanges: Changes = {
  authentication: {
    auth_field: ['header.headers.Cookie', 'header.headers.X-XSRF-TOKEN'],
    auth_field_format: ['JSESSIONID={token}; XSRF-TOKEN={tokenp2}', '{tokenp2}'],
  },
  responseProperties: {
    token: { type: 'string', placement: 'HEADER', external_name: 'set-cookie.jsessionid' },
    tokenp2: { type: 'string', placement: 'HEADER', external_name: 'set-cookie.XSRF-TOKEN' },
  },
};
const call = { method: 'GET', url: 'https://nms.example.com/w', headers: [], body: null };

test('a cookie goes back exactly as received, and percent-decoded anywhere else', () => {
  const found = read(cookieChanges, answer('ignored', cookies));
  const { headers } = readable(placeToken(planOf(cookieChanges), call, found));
  assert.equal(headers.cookie, 'JSESSIONID=abc%20123; XSRF-TOKEN=x%3D%3D');
  assert.equal(headers['x-xsrf-token'], 'x==');
});

test('all cookies are pairs without attributes; the last of a name counts, deleted ones do not', () => {
  const all: Changes = {
    authentication: { auth_field: 'header.headers.Cookie' },
    responseProperties: token('set-cookie', { placement: 'HEADER' }),
  };
  const headers: readonly Header[] = [
    ['Set-Cookie', 'a=1; Path=/; HttpOnly'],
    ['Set-Cookie', 'b=%20; Secure'],
    ['Set-Cookie', 'a=2'],
    ['Set-Cookie', 'gone=1; Max-Age=0'],
    ['Set-Cookie', 'old=1; Expires=Wed, 21 Oct 1965 07:28:00 GMT'],
    ['Set-Cookie', 'kept=1; Max-Age=60; Expires=Wed, 21 Oct 1965 07:28:00 GMT'],
  ];
  const place = (changes: Changes) =>
    readable(placeToken(planOf(changes), call, read(changes, answer('', headers)))).headers.cookie;
  assert.equal(place(all), 'a=2; b=%20; kept=1');
  const named = { ...all, responseProperties: token('set-cookie.A', { placement: 'HEADER' }) };
  assert.equal(place(named), '2');
  const whole = place({ ...all, options: { cookieStyle: 'original' } });
  assert.equal(whole, headers.map(([, text]) => text).join('; '));
});

test('cookieStyle original is the whole text, and decodes everywhere', () => {
  const original: Changes = { ...cookieChanges, options: { cookieStyle: 'original' } };
  const found = read(original, answer('', cookies));
  assert.deepEqual([found.token.reveal(), found.asReceived], ['abc 123', null]);
  const all = {
    ...original,
    responseProperties: token('set-cookie', { placement: 'HEADER' }),
    authentication: {},
  };
  assert.equal(
    revealed(all, '', cookies),
    'JSESSIONID=abc%20123; Path=/; HttpOnly; XSRF-TOKEN=x%3D%3D; Path=/',
  );
});

test('requestcookie is the Cookie that was sent', () => {
  const changes = { responseProperties: token('RequestCookie', { placement: 'HEADER' }) };
  const response = { ...answer(''), sentCookie: 'sid=1' };
  assert.equal(read(changes, response).token.reveal(), 'sid=1');
  assert.equal(refused(changes, '').kind, 'token_missing');
});

test('of any answer there is a token or a typed error, whatever the data type', () => {
  const plans = ['JSON', 'XML', 'PLAIN', 'XML2JSON', 'URLENCODE'].map((responseDatatype) =>
    planOf({
      action: { responseDatatype },
      responseProperties: token('a.b', { type: ['string', 'number'] }),
    }),
  );
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.constantFrom('<a><b>x</b></a>', '{"a":{"b":"x"}}', '{"a":[{"b":1}]}', 'a.b=x'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...plans), body, fc.integer({ min: 100, max: 599 }), (plan, text, status) => {
      try {
        assert.notEqual(readTokenResponse(plan, answer(text, [], status), 0, 0).token.reveal(), '');
      } catch (error) {
        assert.ok(error instanceof TokenClientError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('a stub’s token comes from the mock file through the same reader, and garbagetoken stands for what it lacks', () => {
  const stub = { service: { stub: true } };
  const found = readStubToken(planOf(stub), 0);
  assert.deepEqual([found.token.reveal(), found.tokenp2?.reveal()], ['mock-token', 'garbagetoken']);
  for (const mock of ['{}', 'no json', '']) {
    const plan = planOf({ ...stub, files: { 'mockdatafiles/gettoken.json': mock } });
    assert.equal(readStubToken(plan, 0).token.reveal(), 'garbagetoken');
  }
});
