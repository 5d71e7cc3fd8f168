/** Guarantees of how typed arguments are understood. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../src/program/errors.ts';
import { findCommand } from '../src/program/find-command.ts';
import { countFlag, type Flags, switchFlag, textFlag } from '../src/program/flag.ts';
import { personalityOf } from '../src/program/personality.ts';
import { readFlags } from '../src/program/read-flags.ts';
import { commandsOf } from '../src/program/registry.ts';

const flags: Flags = {
  user: textFlag('', { short: 'u', aliases: ['username'] }),
  limit: countFlag('', { short: 'l' }),
  yes: switchFlag('', { short: 'y' }),
  all: switchFlag('', { short: 'a' }),
};
const read = (...args: string[]): Record<string, string> => Object.fromEntries(readFlags(args, flags));
const commands = commandsOf(personalityOf('tessera'));

test('a value may follow its flag, or stand behind an equals sign or a letter', () => {
  for (const args of [
    ['--user', 'ada'],
    ['--user=ada'],
    ['-u', 'ada'],
    ['-uada'],
    ['-u=ada'],
    ['--username=ada'],
  ]) {
    assert.deepEqual(read(...args), { user: 'ada' });
  }
});

test('a value is taken as it is, whatever it looks like', () => {
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom('--user', '–-user', '—yes', '-l', '--', '-', '', 'a=b', '–'),
  );
  fc.assert(
    fc.property(value, (text) => {
      assert.deepEqual(read('--user', text), { user: text });
      assert.deepEqual(read(`--user=${text}`), { user: text });
      assert.deepEqual(read('-y', '--user', text, '-l', '3'), { yes: 'true', user: text, limit: '3' });
    }),
  );
});

test('a line copied from a page, with any dashes, is read as it was meant', () => {
  for (const dashes of ['–-', '–', '—', '−−', '‑-', '-–']) {
    assert.deepEqual(read(`${dashes}user`, 'ada', `${dashes}limit=3`, `${dashes}y`), {
      user: 'ada',
      limit: '3',
      yes: 'true',
    });
  }
});

test('a typographic dash before no flag of ours stays what it is: a word', () => {
  assert.throws(() => read('–nonsense'), /a word that belongs to none/);
});

test('switches share a dash, and take a value behind an equals sign', () => {
  assert.deepEqual(read('-ya'), { yes: 'true', all: 'true' });
  assert.deepEqual(read('-yu', 'ada'), { yes: 'true', user: 'ada' });
  assert.deepEqual(read('--yes=false'), { yes: 'false' });
});

test('of a flag given twice, the last counts', () => {
  assert.deepEqual(read('--limit', '1', '--limit=2'), { limit: '2' });
});

test('an unknown flag is named without what follows it, which may be a secret', () => {
  const message = (...args: string[]): string => {
    try {
      read(...args);
    } catch (error) {
      assert.ok(error instanceof UsageError);
      return error.message;
    }
    return assert.fail('accepted');
  };
  assert.equal(message('--x=secret'), 'unknown flag: --x');
  assert.equal(message('--passwort', 'secret'), 'unknown flag: --passwort');
  assert.equal(message('-psecret'), 'unknown flag: -p');
  assert.equal(message('-yx'), 'unknown flag: -x');
  assert.equal(message('--user'), 'flag needs a value: --user');
  assert.ok(!message('--user=', 'secret').includes('secret'));
});

test('global flags stand before or after the command', () => {
  for (const args of [
    ['--url', 'tokens', '--user=admin', 'tokens', 'list', '-l', '200'],
    ['tokens', '--url', 'tokens', 'list', '--user=admin', '-l', '200'],
    ['tokens', 'list', '-l', '200', '--url', 'tokens', '--user=admin'],
  ]) {
    const found = findCommand(args, commands);
    assert.equal(found.name, 'tokens list');
    assert.deepEqual([...found.rest].sort(), ['--url', '--user=admin', '-l', '200', 'tokens']);
  }
});

test('an unknown command is reported before its flags, wherever they stand', () => {
  for (const args of [
    ['frob', '--x'],
    ['--x', 'frob'],
    ['tokens', 'frob', '--x'],
    ['--url', 'u', 'frob', '-q'],
  ]) {
    assert.throws(() => findCommand(args, commands), { message: 'unknown command "frob"' });
  }
});

test('names that every object has are no commands', () => {
  for (const word of ['constructor', '__proto__', 'toString']) {
    assert.throws(() => findCommand([word], commands), { message: `unknown command "${word}"` });
  }
});

test('the name of the program decides, whatever path and ending it has', () => {
  const nameOf = (path: string): string => personalityOf(path).name;
  for (const path of [
    'ksctl',
    '/usr/bin/ksctl',
    'C:\\bin\\ksctl.exe',
    './ksctl-linux-amd64',
    'bin/ksctl.js',
    'KSCTL.EXE',
  ]) {
    assert.equal(nameOf(path), 'ksctl', path);
  }
  for (const path of ['tessera', '/opt/ksctl/tessera', 'main.ts', 'myksctl', 'ksctly', '']) {
    assert.equal(nameOf(path), 'tessera', path);
  }
});

test('the commands that run a server are not of ksctl, whose variables they do not read', () => {
  const ksctl = commandsOf(personalityOf('ksctl'));
  for (const name of ['serve', 'backup', 'restore']) {
    assert.ok(name in commands);
    assert.ok(!(name in ksctl));
  }
});
