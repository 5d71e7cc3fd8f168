/** Holds the walls between packages and between the server's rooms. @module */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { breaches, type Declared } from './walls/walls.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function read(path: string): string {
  return readFileSync(root + path, 'utf8');
}

function declaredPackages(): Declared {
  const manifests = globSync('packages/*/package.json', { cwd: root });
  return Object.fromEntries(
    manifests.map((path) => {
      const { dependencies, peerDependencies, optionalDependencies } = JSON.parse(read(path)) as Manifest;
      const names = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
      return [path.split(sep)[1] ?? '', names];
    }),
  );
}

test('no import of any package breaks a wall', () => {
  const paths = globSync('packages/*/src/**/*.{ts,tsx}', { cwd: root });
  assert.ok(paths.length > 100, `read ${paths.length} files`);
  const files = paths.map((path) => ({ path: path.replaceAll(sep, '/'), text: read(path) }));
  assert.deepEqual(breaches(files, declaredPackages()), []);
});

describe('a planted breach is found', () => {
  const server = 'packages/server/src';
  const declared: Declared = {
    token: [],
    guard: ['@tessera/token', '@tessera/server'],
    server: ['@tessera/token', '@tessera/guard', 'kysely'],
    cli: ['@tessera/client', '@tessera/server', '@tessera/token'],
  };
  const planted: readonly [path: string, text: string, breach: RegExp][] = [
    ['packages/guard/src/a.ts', "import '@tessera/server';", /guard must not import package server/],
    ['packages/token/src/a.ts', "import { x } from 'left-pad';", /package\.json does not declare/],
    ['packages/token/src/a.ts', "export { x } from '../../guard/src/x.ts';", /reaches out/],
    ['packages/cli/src/login.ts', "import type { X } from '@tessera/server';", /beside the data/],
    [`${server}/domain/a.ts`, "import { hash } from 'node:crypto';", /domain is pure/],
    [`${server}/domain/a.ts`, "import {\n  hash,\n} from 'crypto';", /domain is pure/],
    [`${server}/domain/a.ts`, "import { sql } from 'kysely';", /domain is pure/],
    [
      `${server}/domain/a.ts`,
      "import type { Core } from '../operations/core.ts';",
      /domain must not import room op/,
    ],
    [
      `${server}/store/a.ts`,
      "import { seal } from '../crypto/sealing.ts';",
      /store must not import room crypto/,
    ],
    [`${server}/store/a.ts`, "import '@tessera/token';", /store must not import package token/],
    [
      `${server}/operations/a.ts`,
      "const h = await import('../http/x.ts');",
      /operations must not import room http/,
    ],
    [`${server}/operations/a.ts`, "import '../app.ts';", /operations must not import room app/],
    [
      `${server}/dialects/nectar/a.ts`,
      "import '../../store/users.ts';",
      /dialects must not import room store/,
    ],
    [`${server}/dialects/nectar/a.ts`, "import '../ciphertrust/x.ts';", /one dialect imports another/],
    [`${server}/domain/a.ts`, "export const kind = 'nectar';", /names a dialect: nectar/],
    [`${server}/operations/a.ts`, 'const forNebularStack = 1;', /names a dialect: NebularStack/],
    [`${server}/helpers/a.ts`, '', /helpers is no room/],
  ];
  for (const [path, text, breach] of planted) {
    test(`${path}: ${JSON.stringify(text)}`, () => {
      const found = breaches([{ path, text }], declared);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', breach);
    });
  }

  test('what the walls allow, and what only a comment says, is no breach', () => {
    const path = `${server}/dialects/ciphertrust/a.ts`;
    const text = "import '../../operations/x.ts';\nimport './y.ts';\nconst url = 'https://x/y'; // nectar's";
    const commented = "/** Like import 'node:fs'; used by ciphertrust. */\nexport const x = 1;";
    const files = [
      { path, text },
      { path: `${server}/domain/a.ts`, text: commented },
    ];
    assert.deepEqual(breaches(files, declared), []);
  });
});
