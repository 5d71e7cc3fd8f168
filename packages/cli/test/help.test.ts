/** Guarantees of help and completion. @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { Command } from '../src/program/command.ts';
import { findCommand } from '../src/program/find-command.ts';
import { globalFlags } from '../src/program/global-flags.ts';
import { personalityOf } from '../src/program/personality.ts';
import { readFlags } from '../src/program/read-flags.ts';
import { commandsOf } from '../src/program/registry.ts';
import { newUser } from './cli.ts';

const tessera = personalityOf('tessera');
const commands = commandsOf(tessera);

test('every command has help with its flags, and examples that are understood', async (t) => {
  const user = newUser(t);
  for (const [name, { load }] of Object.entries(commands)) {
    const { command } = await load();
    const examples = command.examples(tessera);
    assert.ok(examples.length > 0, name);
    const flags = { ...globalFlags, ...command.flags };
    for (const word of Object.keys(command.words)) assert.ok(!(word in flags), `${name}: ${word} is a flag`);
    for (const flag of Object.keys(command.flags)) assert.ok(!(flag in globalFlags), `${name}: --${flag}`);
    for (const example of examples) assertUnderstood(example, name, command);
    for (const line of [
      ['help', ...name.split(' ')],
      [...name.split(' '), '--help'],
      ['-h', ...name.split(' ')],
    ]) {
      const { code, stdout, stderr } = await user.run(['tessera', ...line]);
      assert.deepEqual([code, stderr], [0, ''], name);
      for (const text of [
        `tessera ${name} [flags]`,
        'Examples:',
        examples[0] ?? '',
        ...Object.keys(command.flags),
      ]) {
        assert.ok(stdout.includes(text), `${name}: ${text}`);
      }
    }
  }
});

function assertUnderstood(example: string, name: string, { flags, words }: Command): void {
  const line = /tessera (.*?)(?:\)*$|\)?\s*[|<>#]|\) )/.exec(example)?.[1] ?? '';
  const args = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  const found = findCommand(args, commands);
  assert.equal(found.name, name, example);
  readFlags(found.rest, { ...globalFlags, ...flags }, words);
}

test('a group says what is in it, and is no mistake', async (t) => {
  const user = newUser(t);
  for (const line of [['tokens'], ['tokens', '--help'], ['help', 'tokens']]) {
    const { code, stdout } = await user.run(['ksctl', ...line]);
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}self-domains +list/m);
  }
  const { stdout } = await user.run(['ksctl', 'help']);
  assert.match(stdout, /^ {2}users +user accounts$/m);
  assert.doesNotMatch(stdout, /^ {2}serve /m);
  assert.equal((await user.run(['ksctl', '--version'])).stdout.split(' ')[0], 'ksctl');
  assert.equal((await user.run(['ksctl', 'tokens', '--version'])).code, 2);
});

test('headings stand out on a terminal only, and not where colours are unwanted', async (t) => {
  const user = newUser(t);
  const help = ['tessera', 'help'];
  assert.ok((await user.run(help, { typed: [] })).stdout.includes('\u001b[1mUsage'));
  assert.ok(!(await user.run(help, { typed: [], env: { NO_COLOR: '1' } })).stdout.includes('\u001b'));
  assert.ok(!(await user.run(help)).stdout.includes('\u001b'));
});

test('bash completes commands, flags and values', async (t) => {
  const user = newUser(t);
  const { stdout: script } = await user.run(['ksctl', 'completion', 'bash']);
  const complete = (...words: string[]): string[] => {
    const typed = words.map((word) => `'${word}'`).join(' ');
    const run = `${script}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _ksctl; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr, error } = spawnSync('bash', ['--norc', '-c', run], {
      encoding: 'utf8',
      cwd: user.home,
    });
    assert.equal(error, undefined);
    assert.equal(stderr, '');
    return stdout.split('\n').filter(Boolean);
  };
  assert.deepEqual(complete('ksctl', 'log'), ['login', 'logout']);
  assert.deepEqual(complete('ksctl', 'tokens', 'c'), ['create']);
  assert.deepEqual(complete('ksctl', '--url', 'tokens', 'users', 'pwdpolicy', 'u'), ['update']);
  assert.deepEqual(complete('ksctl', 'tokens', 'create', '--rt-'), ['--rt-life', '--rt-unused-life']);
  assert.deepEqual(complete('ksctl', 'tokens', 'create', '--issue-rt', '--ref'), ['--refresh-token']);
  assert.deepEqual(complete('ksctl', 'users', 'create', '--password-change', ''), ['yes', 'no']);
  assert.deepEqual(complete('ksctl', 'users', 'create', '--password-change', '=', 'y'), ['yes']);
  assert.deepEqual(complete('ksctl', 'tokens', 'list', '--user-id', ''), []);
  assert.ok(complete('ksctl', '--no').includes('--nosslverify'));
});
