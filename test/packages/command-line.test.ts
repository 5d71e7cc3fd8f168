/** The bundle of the command line, as its package brings it. @module */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundleCommandLine } from '../../scripts/bundle-command-line.ts';

const own = JSON.parse(readFileSync(new URL('../../packages/cli/package.json', import.meta.url), 'utf8')) as {
  readonly dependencies: object;
  readonly optionalDependencies: object;
};

test('whatever the bundle looks for by name its own package names: in a strict layout it finds nothing else', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-bundle-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { output } = await bundleCommandLine(folder);
  const chunks = output.filter((part) => part.type === 'chunk');
  const imported = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
  const required = chunks.flatMap(({ code }) =>
    [...code.matchAll(/\(import\.meta\.url\)\([`'"]([^`'"]+)/g)].map(([, name = '']) => name),
  );
  const files = new Set<string>(chunks.map(({ fileName }) => fileName));
  const sought = new Set(
    [...imported, ...required].filter((name) => !files.has(name) && !name.startsWith('node:')),
  );
  assert.ok(sought.has('fast-xml-parser') && sought.has('@tessera/server'), [...sought].join(', '));
  // For those who keep secrets in that cloud, and install its packages themselves.
  for (const name of sought) if (name.startsWith('@azure/')) sought.delete(name);
  const named = new Set([...Object.keys(own.dependencies), ...Object.keys(own.optionalDependencies)]);
  assert.deepEqual([...sought.difference(named)], []);
});
