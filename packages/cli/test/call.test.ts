/** `call`: what is sent, where it may go, what comes out; against a local server that answers as a test says. @module */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { secret } from '../../../test/harness/run-folder.ts';
import { authorityPem, localhostPem } from '../../client/test/certificates.ts';
import { listen } from '../../client/test/https-server.ts';
import { newPairUser, type PairUser } from './pair-user.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Stage {
  readonly user: PairUser;
  readonly url: URL;
  /** Every request but those of `connect`. */
  readonly seen: Seen[];
}

const pair = {
  accessToken: secret('access-token-of-call-tests'),
  refreshToken: secret('refresh-token-of-call-tests'),
};
const next = {
  accessToken: secret('next-access-token-of-calls'),
  refreshToken: secret('next-refresh-token-of-calls'),
};

/** A user connected to a server that answers by `listener`, which is given requests that were read. */
async function connected(
  t: TestContext,
  listener: (seen: Seen, ...rest: Parameters<RequestListener>) => void,
): Promise<Stage> {
  const user = newPairUser(t);
  const seen: Seen[] = [];
  const url = await listen(t, null, async (request, response) => {
    const body = (await Array.fromAsync(request)).join('');
    const { method = '', url: path = '', headers } = request;
    if (path === '/account/v1/me') return void response.end('{"userName":"ada"}');
    const one = { method, path, headers, body };
    seen.push(one);
    listener(one, request, response);
  });
  const input = JSON.stringify(pair);
  assert.equal((await user.tessera(['register', url.host, '--stdin'], { input })).code, 0);
  assert.equal((await user.tessera(['connect', url.host, '--use-token'])).code, 0);
  return { user, url, seen };
}

test('method, headers and body go as they are typed, with the token; the body of the answer comes out as it is', async (t) => {
  const { user, seen } = await connected(t, (_, __, response) => response.end(Buffer.from([0, 255, 10, 13])));
  const line = [
    'call',
    '/a/b?c=d%20e',
    '-X',
    'put',
    '-H',
    'X-One: 1',
    '-H',
    'Accept:text/plain',
    '--data',
    'a=b',
  ];
  const { code, stderr } = await user.tessera(line);
  assert.deepEqual([code, stderr], [0, '']);
  const [one] = seen;
  assert.deepEqual([one?.method, one?.path, one?.body], ['PUT', '/a/b?c=d%20e', 'a=b']);
  assert.equal(one?.headers['x-one'], '1');
  assert.equal(one?.headers.accept, 'text/plain');
  assert.equal(one?.headers.authorization, `Bearer ${pair.accessToken}`);
});

test('without -X it is GET, with data POST of JSON; data comes from a file or standard input', async (t) => {
  const { user, seen } = await connected(t, (_, __, response) => response.end());
  const file = join(user.home, 'body.json');
  writeFileSync(file, '{"from":"file"}');
  await user.tessera(['call', '/a']);
  await user.tessera(['call', '/a', '--data', `@${file}`]);
  await user.tessera(['call', '/a', '--data', '-', '-H', 'content-type: text/csv'], { input: 'a,b\n' });
  assert.deepEqual(
    seen.map(({ method, headers, body }) => [method, headers['content-type'], body]),
    [
      ['GET', undefined, ''],
      ['POST', 'application/json', '{"from":"file"}'],
      ['POST', 'text/csv', 'a,b\n'],
    ],
  );
  assert.equal((await user.tessera(['call', '/a', '--data', '@/nowhere/x'])).code, 1);
});

test('401: one renewal, one retry with the body from standard input, then an end', async (t) => {
  let isRenewed = false;
  const { user, seen } = await connected(t, ({ path, headers }, _, response) => {
    if (path === '/aapi/jwt/token/renew') {
      isRenewed = true;
      // In the letter case of the original.
      response.end(
        JSON.stringify({ AccessToken: next.accessToken, RefreshToken: next.refreshToken, expiresIn: 7200 }),
      );
    } else {
      response.statusCode =
        headers.authorization === `Bearer ${next.accessToken}` && path !== '/never' ? 200 : 401;
      response.end('answer');
    }
  });
  const { code, stdout } = await user.tessera(['call', '/once', '--data', '-'], {
    input: 'kept for the retry',
  });
  assert.deepEqual([code, stdout, isRenewed], [0, 'answer', true]);
  assert.deepEqual(
    seen.map(({ path, body }) => [path, body]),
    [
      ['/once', 'kept for the retry'],
      ['/aapi/jwt/token/renew', ''],
      ['/once', 'kept for the retry'],
    ],
  );
  const [, renewal] = seen;
  assert.equal(renewal?.headers['x-refresh-token'], pair.refreshToken);

  seen.length = 0;
  const never = await user.tessera(['call', '/never']);
  assert.deepEqual([never.code, never.stdout], [3, 'answer']);
  assert.equal(seen.length, 3);
});

test('other statuses of 400 and above are exit code 1, with the body on standard output', async (t) => {
  const { user } = await connected(t, ({ path }, _, response) => {
    response.statusCode = Number(path.slice(1));
    response.end(`body of ${path}`);
  });
  for (const [status, code] of [
    [200, 0],
    [299, 0],
    [400, 1],
    [403, 1],
    [404, 1],
    [500, 1],
  ] as const) {
    const result = await user.tessera(['call', `/${status}`]);
    assert.deepEqual([result.code, result.stdout], [code, `body of /${status}`]);
  }
});

test('another host is refused before anything is sent, however it is written', async (t) => {
  const { user, url, seen } = await connected(t, (_, __, response) => response.end());
  for (const path of [
    'https://example.com/x',
    '//example.com/x',
    '\\\\example.com\\x',
    `http://${url.host}@example.com/`,
    `https://${url.host}/`,
    `http://localhost:1/`,
    'javascript:alert(1)',
  ]) {
    const { code, stderr } = await user.tessera(['call', path]);
    assert.equal(code, 2, path);
    assert.match(stderr, /must stay on|user/);
  }
  assert.deepEqual(seen, []);
  assert.equal((await user.tessera(['call', `${url.href}here`])).code, 0);
});

test('a redirect within the host keeps the token; to another host it loses that and all that was typed', async (t) => {
  const elsewhere: IncomingMessage['headers'][] = [];
  const other = await listen(t, null, (request, response) => {
    elsewhere.push(request.headers);
    response.end('from elsewhere');
  });
  const { user, seen } = await connected(t, ({ path }, _, response) => {
    if (path === '/end') return void response.end('end');
    const [status = '302', location = '/end'] = path.slice(1).split('!');
    response.writeHead(Number(status), { location: decodeURIComponent(location) }).end('moved');
  });
  const within = await user.tessera(['call', '/302!%2Fend', '-H', 'X-Key: typed']);
  assert.deepEqual([within.code, within.stdout], [0, 'end']);
  assert.equal(seen.at(-1)?.headers.authorization, `Bearer ${pair.accessToken}`);

  const away = await user.tessera(['call', `/307!${encodeURIComponent(other.href)}`, '-H', 'X-Key: typed']);
  assert.deepEqual([away.code, away.stdout], [0, 'from elsewhere']);
  assert.equal(elsewhere[0]?.authorization, undefined);
  assert.equal(elsewhere[0]?.['x-key'], undefined);

  const posted = await user.tessera([
    'call',
    `/307!${encodeURIComponent(other.href)}`,
    '--data',
    'secret body',
  ]);
  assert.deepEqual([posted.code, posted.stdout], [0, 'moved']);
  assert.equal(elsewhere.length, 1);

  seen.length = 0;
  await user.tessera(['call', '/303!%2Fend', '--data', 'body']);
  assert.deepEqual(
    seen.map(({ method, body }) => [method, body]),
    [
      ['POST', 'body'],
      ['GET', ''],
    ],
  );

  seen.length = 0;
  const round = await user.tessera(['call', '/302!%2F302!x']);
  assert.equal(round.code, 0);
  assert.ok(seen.length <= 7, `${seen.length} requests`);
});

test('a header that belongs to the program, or is none, is refused', async (t) => {
  const { user, seen } = await connected(t, (_, __, response) => response.end());
  for (const header of [
    'Authorization: Basic x',
    'host: example.com',
    'X-Refresh-Token: x',
    'no colon',
    'a b: c',
    'x: a\nb: c',
    ': x',
  ])
    assert.equal((await user.tessera(['call', '/', '-H', header])).code, 2, header);
  assert.deepEqual(seen, []);
});

test('an answer that breaks off is not taken for whole', async (t) => {
  const { user } = await connected(t, (_, __, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  });
  const { code, stdout, stderr } = await user.tessera(['call', '/']);
  assert.deepEqual([code, stdout], [1, 'half']);
  assert.match(stderr, /broke off/);
});

test('--verbose shows methods and statuses, and no token', async (t) => {
  const { user } = await connected(t, (_, __, response) => response.end('x'));
  const { stderr } = await user.tessera(['call', '/a', '--verbose']);
  assert.match(stderr, /^> GET http:.*\/a\n< 200\n$/);
});

test('another server than ours is checked by a path of its own; one that is no API is not taken for connected', async (t) => {
  const user = newPairUser(t);
  const url = await listen(t, null, (request, response) => {
    response.statusCode = request.url === '/v1/ping' ? 200 : 404;
    response.end('<html>hello');
  });
  await user.tessera(['register', url.host, '--stdin'], { input: JSON.stringify(pair) });
  const line = ['connect', url.host, '--use-token'];
  const refused = await user.tessera(line);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /does not say who is signed in .* check by another path/);
  assert.equal((await user.tessera([...line, '--check-path', '/none'])).code, 1);
  const connected = await user.tessera([...line, '--check-path', '/v1/ping']);
  assert.deepEqual([connected.code, connected.stdout], [0, `connected to ${url.origin}\n`]);
});

test('a certificate is checked; the one to trust is named once, by connect', async (t) => {
  const user = newPairUser(t);
  const url = await listen(t, localhostPem, (_, response) => void response.end('{"userName":"ada"}'));
  await user.tessera(['register', url.host, '--stdin'], { input: JSON.stringify(pair) });
  const ca = join(user.home, 'ca.pem');
  writeFileSync(ca, authorityPem);
  const untrusted = await user.tessera(['connect', url.href, '--use-token']);
  assert.equal(untrusted.code, 1);
  assert.match(untrusted.stderr, /x509: certificate signed by unknown authority/);
  assert.equal((await user.tessera(['connect', url.href, '--use-token', '--ca-file', ca])).code, 0);
  assert.equal((await user.tessera(['call', '/'])).code, 0);
});
