/** The seed's own lines, typed into a shell as they stand there (the URL apart), with the seed's outputs. @module */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openTerminal, type Terminal } from '../../../test/documents/terminal.ts';
import { secret } from '../../../test/harness/run-folder.ts';
import { type Server, startServer } from '../../../test/harness/server.ts';

let server: Server;
let terminal: Terminal;
before(async () => {
  server = await startServer();
  terminal = openTerminal();
});
after(async () => {
  terminal?.close();
  await server?.stop();
});

interface Typed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What somebody would type at the prompt comes by the variable: there is no terminal here. */
function type(line: string, password = true): Typed {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', terminal.script(line)], {
    env: { ...terminal.env, ...(password ? { KSCTL_PASSWORD: server.adminPassword } : {}) },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

const configured = (key: string): string =>
  new RegExp(`^${key}: (.*)$`, 'm').exec(
    readFileSync(join(terminal.home, '.ksctl', 'config.yaml'), 'utf8'),
  )?.[1] ?? '';

test('login, with and without a life, and once the file knows user and server', () => {
  const logins = [
    [`ksctl login –-user admin --url ${server.url} --nosslverify`, '30 days'],
    ['ksctl login', '30 days'],
    ['ksctl login –-user admin', '30 days'],
    ['ksctl login –-user admin –-days 10', '10 days'],
    ['ksctl login –-user admin –-hours 10', '10 hours'],
    ['ksctl login –-user admin –-days 10 --hours 10', '10 days, 10 hours'],
  ] as const;
  for (const [line, life] of logins) {
    assert.deepEqual(
      type(line),
      { code: 0, stdout: `this login will expire in ${life}\n`, stderr: '' },
      line,
    );
    secret(configured('KSCTL_REFRESHTOKEN'));
  }
  assert.equal(configured('KSCTL_VERBOSITY'), 'false');
  assert.equal(configured('KSCTL_NOSSLVERIFY'), 'true');
});

test('tokens create, its answers piped into jq, and the variable they are put in', () => {
  const issued = type(
    `ksctl tokens create --user admin --password ${server.adminPassword} --issue-rt | jq -r .refresh_token`,
  );
  assert.match(issued.stdout, /^[A-Za-z0-9]{64}\n$/);
  const token = secret(issued.stdout.trim());

  const refreshed = JSON.parse(type(`ksctl tokens create --refresh-token ${token}`, false).stdout) as object;
  assert.deepEqual(Object.keys(refreshed), ['jwt', 'duration', 'token_type']);
  const line = `export KSCTL_JWT=$(ksctl tokens create --refresh-token ${token} | jq -r ".jwt")`;
  assert.deepEqual(type(line, false), { code: 0, stdout: '', stderr: '' });
  assert.equal(type('ksctl tokens list | jq .skip', false).stdout, '0\n');

  const renewed = type(
    `ksctl tokens create --issue-rt --refresh-token ${token} | jq -r .refresh_token`,
    false,
  );
  assert.match(renewed.stdout, /^[A-Za-z0-9]{64}\n$/);
  assert.notEqual(secret(renewed.stdout.trim()), token);
});

test('logout, and logout again', () => {
  assert.deepEqual(type('ksctl logout', false), { code: 0, stdout: 'login revoked\n', stderr: '' });
  assert.deepEqual(type('ksctl logout', false), {
    code: 1,
    stdout: '',
    stderr: 'login token and client id must exist in ksctl configuration file\n',
  });
});
