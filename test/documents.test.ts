/** Runs every document that has transcripts, on both databases: the promise a reader sees is the one checked. @module */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Block, readBlocks, runBlock, type Stage } from './documents/document.ts';
import { openTerminal } from './documents/terminal.ts';
import { type Engine, forEachEngine } from './harness/engines.ts';
import type { Server } from './harness/server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const documents = globSync(['docs/**/*.md', 'README.md'], { cwd: root })
  .map((path) => ({ path: path.replaceAll(sep, '/'), blocks: readBlocks(readFileSync(root + path, 'utf8')) }))
  .filter(({ blocks }) => blocks.length > 0)
  .toSorted((one, other) => one.path.localeCompare(other.path));

test('there is a document for the dialect', () => {
  assert.ok(documents.some(({ path }) => path === 'docs/dialects/ciphertrust.md'));
});

forEachEngine((engine) => {
  for (const { path, blocks } of documents) describe(path, () => runDocument(path, blocks, engine));
});

function runDocument(path: string, blocks: readonly Block[], engine: Engine): void {
  const terminal = openTerminal();
  let server: Server;
  let stage: Stage;
  before(async () => {
    server = await engine.start();
    const captures = new Map([
      ['url', server.url],
      ['port', new URL(server.url).port],
      ['admin.password', server.adminPassword],
    ]);
    const advance = (ms: number): void => {
      server.advance(ms);
      terminal.advance(ms);
    };
    stage = { url: server.url, captures, terminal, advance };
  });
  after(async () => {
    terminal.close();
    await server.stop();
  });
  for (const block of blocks) {
    test(`${path}:${block.line} ${block.text.split('\n')[0]}`, async () => {
      assert.deepEqual(await runBlock(block, stage), []);
    });
  }
}
