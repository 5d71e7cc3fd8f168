/** The last tables in the bench's README. @module */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { markdown } from './render.ts';
import type { Table } from './table.ts';

const readme = fileURLToPath(new URL('../../README.md', import.meta.url));
const begin = '<!-- tables: written by npm run bench -- --write -->';
const end = '<!-- /tables -->';

/** Replaces what stands between the two marks. */
export function writeReadme(machine: string, tables: readonly Table[]): void {
  const text = readFileSync(readme, 'utf8');
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (from < begin.length || to < from) throw new Error(`${readme} lacks its marks`);
  const written = [machine, ...tables.map(markdown)].join('\n\n');
  writeFileSync(readme, `${text.slice(0, from)}\n${written}${text.slice(to)}`);
}
