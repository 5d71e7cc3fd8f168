/** Guarantees of reading the headers that name token, domain and tenant. @module */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { type ContextHeaders, readContextHeaders, readSingleHeader } from '@tessera/guard';

/** What a real server reads of these header lines: of `rawHeaders`, then of `headersDistinct`. */
async function seenBy(lines: readonly string[]): Promise<ContextHeaders[]> {
  const seen: ContextHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(readContextHeaders(request.rawHeaders), readContextHeaders(request.headersDistinct));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.end(['GET / HTTP/1.1', 'Host: x', 'Connection: close', ...lines, '', ''].join('\r\n'));
  await text(socket);
  server.close();
  return seen;
}

const none = { kind: 'read', token: null, domain: null, tenantId: null } as const;
const malformed = (header: string) => ({ kind: 'malformed', header });

test('each header is read once, whatever its letter case, by both ways Node has', async () => {
  const all = { kind: 'read', token: 'A1', domain: 'acme.example', tenantId: 'T1' };
  for (const lines of [
    ['X-Auth-Token: A1', 'X-Domain: acme.example', 'X-Tenant-ID: T1'],
    ['x-auth-token:A1', 'x-domain: acme.example  ', 'x-tenant-id: \tT1'],
    ['X-AUTH-TOKEN: A1', 'X-DOMAIN: acme.example', 'X-Tenant-Id: T1'],
  ])
    assert.deepEqual(await seenBy(lines), [all, all]);
  assert.deepEqual(await seenBy(['X-Tenant: T1', 'X-Tenant-IDs: T1', 'X_Domain: d']), [none, none]);
});

test('two lines, values joined by a comma, and an empty value are malformed, even where they agree', async () => {
  for (const name of ['X-Auth-Token', 'X-Domain', 'X-Tenant-ID']) {
    for (const lines of [
      [`${name}: a`, `${name.toLowerCase()}: b`],
      [`${name}: a`, `${name}: a`],
      [`${name}: a`, `${name}:`],
      [`${name}:`, `${name}: a`],
      [`${name}: a, b`],
      [`${name}: a,a`],
      [`${name}: ,`],
      [`${name}: a,`],
      [`${name}:`],
      [`${name}:   \t`],
    ])
      assert.deepEqual(await seenBy(lines), [malformed(name), malformed(name)], lines.join(' | '));
  }
});

test('a fetch Headers object shows its duplicates as joined values', () => {
  const headers = new Headers([
    ['X-Domain', 'a.example'],
    ['x-domain', 'b.example'],
  ]);
  assert.deepEqual(readContextHeaders([...headers].flat()), malformed('X-Domain'));
  assert.deepEqual(readContextHeaders([...new Headers({ 'X-Domain': 'a.example' })].flat()), {
    ...none,
    domain: 'a.example',
  });
});

test('a value is never taken for a name', () => {
  assert.deepEqual(readSingleHeader(['Accept', 'x-domain', 'x-other', 'x-domain'], 'X-Domain'), {
    kind: 'absent',
  });
});
