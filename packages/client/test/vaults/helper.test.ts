/** The helper protocol: what is asked, and what happens when a program does not keep to it. @module */
import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { secret } from '../../../../test/harness/run-folder.ts';
import { helperVault, type SecretVault } from '../../src/index.ts';
import { refusal } from './conformance.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Written {
  readonly vault: SecretVault;
  /** What the program printed on its standard error. */
  readonly said: () => string;
  readonly folder: string;
}

/** A vault whose program is this shell script. */
function scripted(t: TestContext, script: string, timeoutMs = 30_000): Written {
  const folder = temporaryFolder(t);
  const command = join(folder, 'helper');
  writeFileSync(command, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  let said = '';
  const stderr = new Writable({
    write: (chunk: Buffer, _, done) => {
      said += chunk.toString();
      done();
    },
  });
  const options = { folder: 'shared' };
  return {
    vault: helperVault({ name: 'team', command, args: ['-x'], options, timeoutMs, stderr }),
    said: () => said,
    folder,
  };
}

test('one JSON object on standard input, and no value in arguments or the environment', async (t) => {
  const { vault, folder } = scripted(
    t,
    'd=$(dirname "$0"); cat > $d/in; echo "$*" > $d/args; env > $d/env; echo \'{"version":1,"ok":true}\'',
  );
  await vault.set('us.x-accesstoken', secret('value-for-the-helper'), { noClobber: true });
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'in'), 'utf8')), {
    version: 1,
    action: 'set',
    vault: 'team',
    name: 'us.x-accesstoken',
    value: 'value-for-the-helper',
    noClobber: true,
    options: { folder: 'shared' },
  });
  assert.equal(readFileSync(join(folder, 'args'), 'utf8'), '-x\n');
  assert.doesNotMatch(readFileSync(join(folder, 'env'), 'utf8'), /value-for-the-helper/);
});

const unfit = {
  'exits with 1': 'echo \'{"version":1,"ok":true,"value":"value-of-failed"}\'; exit 1',
  'is killed': 'kill -9 $$',
  'prints prose': 'echo "Here is your secret: value-in-prose"',
  'prints nothing': 'true',
  'prints a list': 'echo "[1,2]"',
  'prints another version': 'echo \'{"version":2,"ok":true,"value":"value-of-two"}\'',
  'prints no ok': 'echo \'{"version":1,"value":"value-without-ok"}\'',
  'prints a value that is a number': 'echo \'{"version":1,"ok":true,"value":7}\'',
  'prints two objects': 'echo \'{"version":1,"ok":true,"value":"value-one"}{}\'',
  'prints more than 1 MiB': 'head -c 2000000 /dev/zero; sleep 100',
  'refuses with a code of its own':
    'echo \'{"version":1,"ok":false,"code":"odd","message":"odd day, come again tomorrow"}\'',
} as const;

for (const [what, script] of Object.entries(unfit)) {
  test(`a helper that ${what} is unavailable`, async (t) => {
    await assert.rejects(scripted(t, `cat > /dev/null\n${script}`).vault.get('a'), refusal('unavailable'));
  });
}

test('a helper that hangs is given up after its time, with all that it has started', async (t) => {
  const { vault } = scripted(t, 'sleep 100 & sleep 100', 300);
  await assert.rejects(vault.get('a'), (error: Error) => {
    assert.match(error.message, /did not answer within 0\.3 seconds/);
    return refusal('unavailable')(error);
  });
});

test('a helper that is not there, or may not be run, is unavailable', async (t) => {
  const options = { name: 'team', args: [], options: {}, timeoutMs: 1000, stderr: process.stderr };
  const file = join(temporaryFolder(t), 'helper');
  await assert.rejects(helperVault({ ...options, command: file }).get('a'), refusal('unavailable'));
  writeFileSync(file, 'echo', { mode: 0o600 });
  await assert.rejects(helperVault({ ...options, command: file }).get('a'), refusal('unavailable'));
});

test('every code of a refusal comes through, its words without the value and without control characters', async (t) => {
  for (const code of [
    'not_found',
    'exists',
    'locked',
    'read_only',
    'denied',
    'unavailable',
    'too_large',
  ] as const) {
    const message = `no: ${'\\u001b[31m'} value-that-is-repeated`;
    const { vault } = scripted(
      t,
      `cat > /dev/null; echo '{"version":1,"ok":false,"code":"${code}","message":"${message}"}'`,
    );
    await assert.rejects(vault.set('a', secret('value-that-is-repeated')), (error: Error) => {
      assert.ok(!error.message.includes('\u001b'));
      return refusal(code)(error);
    });
  }
});

test('a value of more than a mebibyte is not handed to a helper', async (t) => {
  const { vault, folder } = scripted(t, 'touch $(dirname "$0")/asked');
  await assert.rejects(vault.set('a', 'v'.repeat(1_048_576)), refusal('too_large'));
  assert.deepEqual(readdirSync(folder), ['helper']);
});

test('what the helper says on its standard error goes to the user as it is', async (t) => {
  const { vault, said } = scripted(
    t,
    'echo "touch your key" >&2; echo \'{"version":1,"ok":true,"value":"v"}\'',
  );
  assert.equal(await vault.get('a'), 'v');
  assert.equal(said(), 'touch your key\n');
});
