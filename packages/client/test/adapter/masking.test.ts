/** Guarantees of what may be shown: dry runs, excerpts and addresses hold no secret in any encoding. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  buildTokenRequest,
  describeCall,
  describeTokenRequest,
  maskText,
  maskUrl,
  requestText,
  type TokenClientError,
} from '../../src/index.ts';
import { answer, type Changes, failureOf, planOf, read } from './full-adapter.ts';

const call = {
  method: 'POST',
  url: 'https://nms.example.com/w?a=1&session_id=s3cr3t-q',
  headers: [
    ['Authorization', 's3cr3t-h'],
    ['X-Api-Key', 's3cr3t-k'],
    ['Accept', 'a/b'],
  ] as const,
  body: new TextEncoder().encode('{"name":"x","otp":"s3cr3t-b"}'),
};

test('a dry run is the exact request with its true length and its secrets masked', () => {
  assert.equal(
    requestText(describeTokenRequest(planOf())),
    [
      'POST https://nms.example.com/api/v1/authentication/signin',
      'Accept: */*',
      'Content-Type: application/json',
      'Content-Length: 47',
      '',
      '{"user":"systemuser","passwd":"[secret]"}',
    ].join('\n'),
  );
});

test('a dry run masks in every data type, header, path and encoding, by building rather than searching', () => {
  const variants: Changes[] = [
    ...['JSON', 'URLENCODE', 'URLQUERY', 'FORM', 'XML'].map((requestDatatype) => ({
      action: { requestDatatype },
    })),
    { action: { requestDatatype: 'PLAIN' }, options: { plainTemplate: '{b64}{username}:{password}{/b64}' } },
    { action: { method: 'GET', entitypath: '/login/{password}?p={password}' } },
    {
      action: { headers: { Authorization: 'Basic {b64}{username}:{password}{/b64}', 'X-Key': 'static p w' } },
    },
    { requestProperties: { username: {}, password: { external_name: 'x.y', encode: true } } },
    { requestProperties: { username: {}, password: { external_name: 'p', enum: ['p w+é"<&/%', 'other'] } } },
  ];
  for (const changes of variants) {
    const plan = planOf({ ...changes, authentication: { password: 'p w+é"<&/%', client_secret: 'cs-7' } });
    const shown = requestText(describeTokenRequest(plan));
    assert.match(shown, /\[secret\]/, shown);
    const hidden = ['p w+é"<&/%', 'cs-7', 'static p w'].flatMap((text) => [
      text,
      JSON.stringify(text).slice(1, -1),
      encodeURIComponent(text),
      Buffer.from(text).toString('base64'),
      Buffer.from(`systemuser:${text}`).toString('base64'),
    ]);
    for (const text of hidden) assert.ok(!shown.includes(text), `${text} in ${shown}`);
    const length = buildTokenRequest(plan).headers.find(([name]) => name === 'Content-Length')?.[1];
    if (length !== undefined && changes.action?.requestDatatype !== 'FORM')
      assert.ok(shown.includes(`Content-Length: ${length}`));
  }
});

test('members with telling names are masked whatever they hold, those named in sensitive too', () => {
  const plan = planOf({
    authentication: { sensitive: ['badge'] },
    requestProperties: {
      username: {},
      password: {},
      apiKey: { default: 'd3fault' },
      badge: { default: 'b4dge' },
    },
  });
  const shown = requestText(
    describeTokenRequest(plan, null, { authData: { deep: { otp: '123456', n: 1 } } }),
  );
  assert.doesNotMatch(shown, /d3fault|b4dge|123456/);
  assert.match(shown, /"deep":\{"otp":"\[secret\]","n":1\}/);
});

test('a described call shows where the token goes, and nothing of what it or the caller hides', () => {
  const shown = requestText(
    describeCall(planOf({ authentication: { auth_field_format: 'Bearer {token}' } }), null, call),
  );
  assert.match(shown, /Authorization: Bearer \[secret\]/);
  assert.match(shown, /\{"name":"x","otp":"\[secret\]"\}/);
  assert.doesNotMatch(shown, /s3cr3t/);
  const basic = planOf({
    authentication: { auth_field: 'header.auth', auth_field_format: '{username}:{token}' },
  });
  assert.match(requestText(describeCall(basic, null, call)), /Authorization: Basic \[secret\]/);
});

test('an excerpt masks every known secret in any spelling, and members by name in JSON, XML and forms', () => {
  const password = 'p w+é"<&/%';
  const spellings = [
    password,
    JSON.stringify(password),
    encodeURIComponent(password),
    encodeURIComponent(password).toLowerCase(),
    new URLSearchParams({ x: password }).toString(),
    Buffer.from(password).toString('base64'),
    Buffer.from(`systemuser:${password}`).toString('base64'),
    Buffer.from(`ab${password}z`).toString('base64url'),
    password.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
  ];
  for (const spelling of spellings) {
    const error = failureOf<TokenClientError>(() =>
      read({ authentication: { password } }, answer(`before ${spelling} after`, [], 400)),
    );
    const kernel = spelling.slice(4, -5);
    assert.ok(!`${error.message}${error.excerpt}`.includes(kernel), `${spelling}: ${error.excerpt}`);
    assert.match(error.excerpt ?? '', /^before .*\[secret\].* after$/);
  }
  for (const body of [
    '{"a":[{"X-Session":{"id":"h1dden"}}]}',
    '{"cut":"off","refresh_token":"h1dden',
    '<r><apiKey a="b">h1dden</apiKey></r>',
    'ok=1&jwt=h1dden&x=2',
    "{'secret': 'h1dden'}",
    'Authorization: h1dden',
  ]) {
    assert.doesNotMatch(maskText(body, [], []), /h1dden/, body);
  }
});

test('masking leaves ordinary text alone, takes linear time, and never shows a mask’s inside', () => {
  assert.equal(maskText('{"error":"access_denied","n":1}', ['zzz'], []), '{"error":"access_denied","n":1}');
  assert.equal(maskText('secret e', ['e', 'secret'], []), '[secret] [secret]');
  // What is not linear would outlast the test runner's patience here.
  for (const text of [
    'a'.repeat(1_000_000),
    '"'.repeat(1_000_000),
    '<a '.repeat(300_000),
    '['.repeat(500_000),
    '{"a":'.repeat(100_000),
  ]) {
    maskText(text, ['systempassword'], []);
  }
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
      const masked = maskText(`${before}${secret}${after}`, [secret], []);
      assert.ok('[secret]'.includes(secret) || !masked.replaceAll('[secret]', '\u0000').includes(secret));
    }),
    { numRuns: 300 },
  );
});

test('all values of a query are masked, and known secrets in a path', () => {
  assert.equal(
    maskUrl('https://h/p/s3/x?a=1&b&c=#f', ['s3']),
    'https://h/p/[secret]/x?a=[secret]&[secret]&c=[secret]',
  );
});
