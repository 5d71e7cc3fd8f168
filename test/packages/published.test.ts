/** What a program gets that installs `@tessera/guard`: built, packed, and installed from the archives in an empty folder. @module */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';

const root = fileURLToPath(new URL('../..', import.meta.url));
const attw = fileURLToPath(
  new URL('dist/index.js', import.meta.resolve('@arethetypeswrong/cli/package.json')),
);
const folder = mkdtempSync(join(tmpdir(), 'tessera-packages-'));
const app = join(folder, 'app');
const packages = ['token', 'guard'] as const;

/** Of one installed package, everything in it. */
const maximumBytes = 100_000;

interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** Without the condition by which this repository runs from its sources. */
async function run(command: string, args: readonly string[], cwd: string): Promise<Run> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { ...env, npm_config_node_options: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)),
  ]);
  return { code, output: out + errors };
}

async function succeed(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, output } = await run(command, args, cwd);
  assert.equal(code, 0, output);
  return output;
}

const archive = (name: string): string => join(folder, `tessera-${name}-0.1.0.tgz`);

before(async () => {
  await succeed(process.execPath, ['scripts/build.ts', ...packages], root);
  for (const name of packages) {
    await succeed(
      'npm',
      ['pack', '--ignore-scripts', '--pack-destination', folder],
      join(root, 'packages', name),
    );
  }
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{"name":"app","private":true,"type":"module"}');
  await succeed('npm', ['install', '--offline', '--no-audit', '--no-fund', ...packages.map(archive)], app);
});

after(() => rmSync(folder, { recursive: true, force: true }));

describe('@tessera/guard in an empty folder', () => {
  test('brings @tessera/token and nothing else', () => {
    const names = (path: string): string[] =>
      readdirSync(join(app, path)).filter((name) => !name.startsWith('.'));
    assert.deepEqual(names('node_modules'), ['@tessera']);
    assert.deepEqual(names('node_modules/@tessera').sort(), ['guard', 'token']);
  });

  for (const name of packages) {
    test(`${name} is smaller than 100 kB`, () => {
      const path = join(app, 'node_modules', '@tessera', name);
      const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).map((file) =>
        statSync(join(path, file)),
      );
      const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
      assert.ok(bytes < maximumBytes, `${bytes} bytes`);
    });

    test(`${name}: types resolve from every door, for Node and for bundlers`, async () => {
      await succeed(process.execPath, [attw, archive(name), '--profile', 'esm-only', '--no-emoji'], folder);
      const pkgDir = join(app, 'node_modules', '@tessera', name);
      const { messages } = await publint({ pkgDir, pack: false, strict: true });
      assert.deepEqual(messages, []);
    });
  }

  test('a program grants, guards and asks, with types and without a framework', async () => {
    writeFileSync(join(app, 'main.ts'), program);
    const compilerOptions = {
      module: 'nodenext',
      target: 'esnext',
      strict: true,
      noEmit: true,
      types: ['node'],
      skipLibCheck: false,
    };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
    // Types of Node are the program's own; everything else is what was installed.
    mkdirSync(join(app, 'node_modules', '@types'), { recursive: true });
    for (const name of ['@types/node', 'undici-types']) {
      symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name));
    }
    await succeed(join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.'], app);
    assert.equal(await succeed(process.execPath, ['main.ts'], app), '401 Bearer\n200 Adam of Billing\n');
  });
});

const program = `
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
