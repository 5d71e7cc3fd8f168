/** Guarantees of the runner of documents: what it accepts, and that it notices every difference. @module */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { readBlocks, runBlock, type Stage } from './document.ts';
import { openTerminal } from './terminal.ts';

let server: Server;
let stage: Stage;
let advancedMs = 0;

/** Answers with a number that grows, and with what it was sent. */
before(async () => {
  let count = 0;
  server = createServer(async (request, response) => {
    const body = (await Array.fromAsync(request)).join('');
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    count += 1;
    response.setHeader('x-count', String(count)).setHeader('content-type', 'application/json');
    const id = `0000000${count}-0000-4000-8000-000000000000`;
    response.end(
      JSON.stringify({ id, count, auth: request.headers.authorization ?? null, echo: body || null }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const advance = (ms: number): void => {
    advancedMs += ms;
  };
  stage = { url, captures: new Map([['url', url]]), terminal: openTerminal(), advance };
});

after(() => {
  stage.terminal.close();
  server.close();
});

async function run(...blocks: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const block of readBlocks(blocks.join('\n\nprose\n\n'))) found.push(...(await runBlock(block, stage)));
  return found;
}

const http = (text: string): string => `\`\`\`http\n${text}\n\`\`\``;
const console = (text: string): string => `\`\`\`console\n${text}\n\`\`\``;

describe('a document', () => {
  test('runs only its http, console and clock blocks, and knows their lines', () => {
    const blocks = readBlocks(
      '# Title\n\n```ts\nx\n```\n\n```http\nGET /\n\nHTTP 200\n```\n\n```clock\n5m later\n```\n',
    );
    assert.deepEqual(
      blocks.map(({ kind, line }) => [kind, line]),
      [
        ['http', 7],
        ['clock', 13],
      ],
    );
  });

  test('carries what one exchange captured into the next', async () => {
    const first = http('GET /\n\nHTTP 200\n\n{"id": "{{first.id <uuid>}}", "...": "..."}');
    const second = http(
      'POST /\nAuthorization: Bearer {{first.id}}\n\n{"a": "{{first.id}}"}\n\nHTTP 200\nX-Count: <digits>\n\n' +
        '{"id": "<uuid>", "count": "<number>", "auth": "Bearer {{first.id}}", "echo": "{\\"a\\": \\"{{first.id}}\\"}"}',
    );
    assert.deepEqual(await run(first, second), []);
    assert.match(stage.captures.get('first.id') ?? '', /^0000000\d-/);
  });

  test('takes an empty body for an empty one', async () => {
    assert.deepEqual(await run(http('DELETE /\n\nHTTP 204')), []);
    assert.equal((await run(http('GET /\n\nHTTP 200'))).length, 1);
    assert.deepEqual(await run(http('GET /\n\nHTTP 200\n\n…')), []);
  });

  test('moves the clock', async () => {
    advancedMs = 0;
    await run('```clock\n90m later\n```');
    assert.equal(advancedMs, 5_400_000);
    await assert.rejects(run('```clock\nsoon\n```'), /a clock block/);
  });

  test('types commands into one shell session', async () => {
    const text = [
      '$ export JWT=$(echo \'{"jwt": "abc"}\' | jq -r .jwt)',
      '$ echo "$JWT {{url}}"',
      'abc {{url}}',
      '$ echo one; echo two; echo wrong >&2; \\',
      '  exit 3',
      'one',
      '<text>',
      '[stderr] wrong',
      '[exit 3]',
    ];
    assert.deepEqual(await run(console(text.join('\n'))), []);
  });
});

describe('a difference is noticed:', () => {
  const wrong: readonly [name: string, block: string, message: RegExp][] = [
    ['another status', http('GET /\n\nHTTP 201\n\n…'), /expected HTTP 201, got HTTP 200/],
    ['a missing header', http('GET /\n\nHTTP 200\nX-None: 1\n\n…'), /header X-None: is missing/],
    ['another header', http('GET /\n\nHTTP 200\nX-Count: zero\n\n…'), /header X-Count: expected zero/],
    ['an unknown member', http('GET /\n\nHTTP 200\n\n{"id": "<uuid>"}'), /\$\.count: is not in the document/],
    ['a missing member', http('GET /\n\nHTTP 200\n\n{"no": 1, "...": "..."}'), /\$\.no: is missing/],
    [
      'another value',
      http('GET /\n\nHTTP 200\n\n{"auth": "x", "...": "..."}'),
      /\$\.auth: expected "x", got null/,
    ],
    [
      'another kind',
      http('GET /\n\nHTTP 200\n\n{"id": "<time>", "...": "..."}'),
      /\$\.id: expected "<time>"/,
    ],
    [
      'another type',
      http('GET /\n\nHTTP 200\n\n{"count": "<boolean>", "...": "..."}'),
      /\$\.count: expected/,
    ],
    ['a list that is none', http('GET /\n\nHTTP 200\n\n["..."]'), /expected a list/],
    ['another output', console('$ echo yes\nno'), /stdout is not as written/],
    ['an output not written down', console('$ echo yes'), /stdout is not as written/],
    ['an error not written down', console('$ echo no >&2'), /stderr is not as written/],
    ['another exit code', console('$ exit 2'), /expected exit 0, got 2/],
  ];
  for (const [name, block, message] of wrong) {
    test(name, async () => {
      const found = await run(block);
      assert.match(found.join('\n'), message);
    });
  }

  test('a name used before it was captured', async () => {
    await assert.rejects(run(http('GET /{{never}}\n\nHTTP 200')), /\{\{never\}\} has not been captured/);
  });
});
