/**
 * Literate transcripts: a Markdown file whose fenced blocks are run against a real server, from top to bottom.
 *
 * `http` blocks are exchanges (http-exchange.ts), `console` blocks are commands (console-session.ts), `clock` blocks
 * move the server's clock: one line such as `31s later`, `59m later`, `2d later`. A block of any other language whose
 * fence says `file=PATH` is written to that file in the terminal's home. All share what has been captured; `{{url}}`,
 * `{{port}}` and `{{admin.password}}` are known from the start. Other blocks are prose.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runSession } from './console-session.ts';
import { runExchange } from './http-exchange.ts';
import { type Captures, fill } from './template.ts';
import type { Terminal } from './terminal.ts';

/** A fenced block that is run. */
export interface Block {
  readonly kind: 'http' | 'console' | 'clock' | 'file';
  readonly text: string;
  /** Of a file, from the terminal's home; null: it is none. */
  readonly path: string | null;
  /** Line of its opening fence, from 1. */
  readonly line: number;
}

/** What a document is run against. */
export interface Stage {
  readonly url: string;
  readonly captures: Captures;
  readonly terminal: Terminal;
  advance(ms: number): void;
}

/** The blocks of the document that are run, in order. */
export function readBlocks(markdown: string): Block[] {
  const fence = /^(`{3,}|~{3,})[ \t]*([\w-]*)([^\n]*)\n([\s\S]*?)^\1[ \t]*$/gm;
  return [...markdown.matchAll(fence)].flatMap((match) => {
    const [, , language = '', rest = '', text = ''] = match;
    const path = /(?:^|\s)file=(\S+)/.exec(rest)?.[1] ?? null;
    const kind = path === null ? language : 'file';
    if (kind !== 'http' && kind !== 'console' && kind !== 'clock' && kind !== 'file') return [];
    return [{ kind, text: text.trimEnd(), path, line: markdown.slice(0, match.index).split('\n').length }];
  });
}

/**
 * Runs one block.
 *
 * @returns every difference from what is written, none when the document is right
 */
export async function runBlock(block: Block, stage: Stage): Promise<string[]> {
  switch (block.kind) {
    case 'http':
      return await runExchange(block.text, stage.url, stage.captures);
    case 'console':
      return await runSession(block.text, stage.terminal, stage.captures);
    case 'clock':
      stage.advance(readPause(block.text));
      return [];
    case 'file':
      writeHomeFile(stage.terminal.home, block.path ?? '', fill(block.text, stage.captures));
      return [];
  }
}

function writeHomeFile(home: string, path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  // A service configuration has a password in it: nobody else reads it.
  writeFileSync(join(home, path), `${text}\n`, { mode: 0o600 });
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function readPause(text: string): number {
  const [, amount, unit] = /^(\d+)([smhd]) later$/.exec(text) ?? [];
  if (unit === undefined) throw new Error(`a clock block is one line such as "31s later": ${text}`);
  return Number(amount) * unitMs[unit as keyof typeof unitMs];
}
