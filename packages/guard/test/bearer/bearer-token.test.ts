/** Guarantees of reading Bearer credentials. @module */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { type BearerCredential, readBearerToken } from '@tessera/guard';

test('one well-formed credential gives its token, whatever the letter case of the scheme', () => {
  for (const value of ['Bearer a.b-c_d~e+f/g==', 'bearer a.b-c_d~e+f/g==', 'BEARER   a.b-c_d~e+f/g==']) {
    assert.deepEqual(readBearerToken(value), { kind: 'token', token: 'a.b-c_d~e+f/g==' });
    assert.deepEqual(readBearerToken([value]), { kind: 'token', token: 'a.b-c_d~e+f/g==' });
  }
});

test('no header and another scheme are missing, not malformed', () => {
  for (const value of [undefined, [], '', 'Basic YTpi', 'Bearers abc', 'Bearer-x abc', 'Token abc']) {
    assert.deepEqual(readBearerToken(value), { kind: 'missing' });
  }
});

test('everything else that says Bearer is malformed', () => {
  const values = [
    'Bearer',
    'Bearer ',
    'Bearer\tabc',
    'Bearer  ',
    'Bearer abc ',
    'Bearer a b',
    'Bearer abc, Bearer def',
    'Bearer abc,def',
    'Bearer "abc"',
    'Bearer =abc',
    'Bearer ab=c',
    'Bearer abc\r\nX: y',
    'Bearer abc\u0000',
    'Bearer äbc',
    `Bearer ${'a'.repeat(20_000)}`,
  ];
  for (const value of values)
    assert.deepEqual(readBearerToken(value), { kind: 'malformed' }, value.slice(0, 30));
});

test('two headers are malformed even if they are equal', () => {
  assert.deepEqual(readBearerToken(['Bearer abc', 'Bearer abc']), { kind: 'malformed' });
  assert.deepEqual(readBearerToken(['Bearer abc', 'Basic YTpi']), { kind: 'malformed' });
});

test('a second header sent to a real server is seen through headersDistinct', async () => {
  const seen: BearerCredential[] = [];
  const server = createServer((request, response) => {
    seen.push(readBearerToken(request.headersDistinct.authorization));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.end(
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n',
  );
  await text(socket);
  server.close();
  assert.deepEqual(seen, [{ kind: 'malformed' }]);
});
