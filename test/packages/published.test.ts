/** What a program gets that installs `@tessera/guard` or `@tessera/client`. @module */
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  assertPublishable,
  failingProgram,
  installed,
  installInto,
  type Packed,
  packAll,
  runProgram,
} from './installing.ts';

/** Of one package that stands in front of an API, everything in it. */
const maximumBytes = 100_000;

let packed: Packed;
before(async () => {
  packed = await packAll(['token', 'guard', 'client']);
});
after(() => packed?.remove());

describe('@tessera/guard in an empty folder', () => {
  let app: string;
  before(async () => {
    app = await installInto(packed, 'guarded', ['token', 'guard']);
  });

  test('brings @tessera/token and nothing else', () => {
    assert.deepEqual(installed(app), ['@tessera/guard', '@tessera/token']);
  });

  for (const name of ['token', 'guard']) {
    test(`${name} is smaller than 100 kB`, () => {
      const path = join(app, 'node_modules', '@tessera', name);
      const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).map((file) =>
        statSync(join(path, file)),
      );
      const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
      assert.ok(bytes < maximumBytes, `${bytes} bytes`);
    });

    test(`${name}: types resolve from every door, for Node and for bundlers`, () =>
      assertPublishable(packed, app, name));
  }

  test('a program grants, guards and asks, with types and without a framework', async () => {
    assert.equal(await runProgram(app, guardProgram), '401 Bearer\n200 Adam of Billing\n');
  });

  test('an error that ends a program is read at once: its name, its cure, and not the whole package', async () => {
    const output = await failingProgram(app, productionProgram);
    assert.match(output, /^DefaultSigningKeyError: .*Give jwt\(\) and grantJsonWebToken\(\) a signingKey/m);
    assert.ok(output.length < 3_000, output);
  });
});

describe('@tessera/client in an empty folder', () => {
  let app: string;
  before(async () => {
    app = await installInto(packed, 'calling', ['token', 'client']);
  });

  test('brings what it needs and nothing else; keychains and clouds are for those who ask', () => {
    const own = ['@tessera/client', '@tessera/token', 'age-encryption', 'fast-xml-parser', 'undici'];
    const ofAge = ['@noble/ciphers', '@noble/curves', '@noble/hashes', '@noble/post-quantum', '@scure/base'];
    const ofXml = ['@nodable/entities', 'anynum', 'fast-xml-builder', 'is-unsafe'];
    const ofXmlToo = ['path-expression-matcher', 'strnum', 'xml-naming'];
    assert.deepEqual(installed(app), [...own, ...ofAge, ...ofXml, ...ofXmlToo].sort());
  });

  test('types resolve, for Node and for bundlers', () => assertPublishable(packed, app, 'client'));

  test('a program fetches a token, calls with it, and reads XML, with types', async () => {
    assert.equal(await runProgram(app, clientProgram), '200 42 1\n');
  });
});

const guardProgram = `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGuard, grantJsonWebToken, jwt, type Principal } from '@tessera/guard';
import { principalOf, protect, requireRole } from '@tessera/guard/node';
import { protect as protectFetch } from '@tessera/guard/fetch';

const signingKey = 'a key of the program that is long enough for everybody';
const guard = createGuard({ methods: [jwt({ signingKey })] });
const asks = requireRole('Operator')((request, response) => {
  const { userName, claims }: Principal = principalOf(request);
  response.end(\`\${userName} of \${claims.at(-1)?.value}\`);
});
const server = createServer(protect(guard, asks)).listen(0, '127.0.0.1', async () => {
  const url = \`http://127.0.0.1:\${(server.address() as AddressInfo).port}\`;
  const nobody = await fetch(url);
  console.log(nobody.status, nobody.headers.get('www-authenticate'));
  const token = grantJsonWebToken({ identity: 'Adam', roles: 'Operator', signingKey, payload: { Account: 'Billing' } });
  const adam = await fetch(url, { headers: { Authorization: \`Bearer \${token}\` } });
  console.log(adam.status, await adam.text());
  server.close();
});
const handler: (request: Request) => Promise<Response> = protectFetch(guard, (_request, { principal }) =>
  Response.json(principal.userName),
);
export { handler };
`;

const productionProgram = `
import { createGuard, jwt } from '@tessera/guard';

createGuard({ methods: [jwt()], allowDefaultSigningKey: false });
`;

const clientProgram = `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTokenClient, type CallResult, type TokenClientConfig } from '@tessera/client';

let tokens = 0;
const server = createServer((request, response) => {
  if (request.method === 'POST') return response.end('<login><token>t-' + ++tokens + '</token></login>');
  if (request.headers.authorization !== 'Bearer t-1') return response.writeHead(401).end();
  return response.setHeader('content-type', 'application/json').end('{"id":42}');
}).listen(0, '127.0.0.1', async () => {
  const origin = 'http://127.0.0.1:' + (server.address() as AddressInfo).port;
  const config: TokenClientConfig = {
    baseUrl: origin,
    lifetime: 60_000,
    token: { kind: 'request', url: origin, username: 'ada', answer: { datatype: 'XML2JSON', token: 'login.token' } },
  };
  const client = createTokenClient(config);
  await client.request({ path: '/widgets/42' });
  const { status, body }: CallResult = await client.request({ path: '/widgets/42' });
  console.log(status, (body as { id: number }).id, tokens);
  await client.close();
  server.close();
});
`;
