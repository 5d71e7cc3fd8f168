/** Guarantees of asking for secrets, and of certificates that are not trusted. @module */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { localhostPem, selfSignedNamelessPem } from '../../client/test/certificates.ts';
import { answerJson, listen } from '../../client/test/https-server.ts';
import { newUser } from './cli.ts';

const tokens = {
  jwt: 'a.b.c',
  duration: 300,
  token_type: 'Bearer',
  refresh_token: 'r'.repeat(64),
  client_id: 'c',
  refresh_token_expires_in: 2_591_999,
};

test('a second factor is asked for when the server wants one, and sent with the same password', async (t) => {
  const user = newUser(t);
  const bodies: unknown[] = [];
  const url = await listen(t, null, async (request, response) => {
    const body = JSON.parse((await Array.fromAsync(request)).join('')) as { otp?: string };
    bodies.push(body);
    const required = { code: 5, message: 'One-time password required.' };
    answerJson(body.otp === undefined ? required : tokens, body.otp === undefined ? 401 : 200)(
      request,
      response,
    );
  });
  const line = ['ksctl', 'login', '--user', 'ada', '--url', url.origin];
  const { code, stdout, stderr } = await user.run(line, { typed: ['pass wörd\r', '123456\n'] });
  assert.equal(stdout, 'this login will expire in 30 days\n');
  assert.equal(code, 0);
  assert.match(stderr, /^password: \none-time password: \n/);
  const common = { grant_type: 'password', username: 'ada', password: 'pass wörd' };
  const wish = { issueRefreshToken: true, refresh_token_lifetime: 43_200, purpose: 'interactive' };
  assert.deepEqual(bodies, [
    { ...common, ...wish },
    { ...common, otp: '123456', ...wish },
  ]);
});

test('at the prompt, typing can be corrected, and Ctrl-C leaves', async (t) => {
  const user = newUser(t);
  const passwords: unknown[] = [];
  const url = await listen(t, null, async (request, response) => {
    passwords.push((JSON.parse((await Array.fromAsync(request)).join('')) as { password: string }).password);
    answerJson(tokens)(request, response);
  });
  const create = (typed: string): Promise<{ code: number }> =>
    user.run(['ksctl', 'tokens', 'create', '--user', 'ada', '--url', url.origin], { typed: [typed] });
  await create('wrong\u0015hunte3\u007fr2\r');
  await create('ok\nmore');
  assert.deepEqual(passwords, ['hunter2', 'ok']);
  assert.equal((await create('x\u0003')).code, 130);
  assert.equal((await create('\u0004')).code, 130);
  assert.equal(passwords.length, 2);
});

test("the seed's message for a certificate without names, and a hint at what cures it", async (t) => {
  const user = newUser(t);
  const url = await listen(t, selfSignedNamelessPem, answerJson(tokens));
  const { code, stdout, stderr } = await user.run([
    'ksctl',
    'login',
    '--user',
    'ada',
    '--password',
    'x',
    '--url',
    url.origin,
  ]);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
  const [message, hint] = stderr.split('\n');
  assert.equal(
    message,
    `Post ${url.origin}/api/v1/auth/tokens: x509: certificate is not valid for any names, but wanted to match localhost`,
  );
  assert.match(hint ?? '', /--ca-file.*--nosslverify/);
});

test('a certificate file given at login is remembered with the login', async (t) => {
  const user = newUser(t);
  const caFile = join(user.home, 'ca.pem');
  writeFileSync(caFile, localhostPem);
  const url = await listen(t, localhostPem, answerJson(tokens));
  const line = ['ksctl', 'login', '--user', 'ada', '--password', 'x', '--url', url.origin];
  assert.match((await user.run(line)).stderr, /x509: certificate signed by unknown authority/);
  assert.equal((await user.run([...line, '--ca-file', caFile])).code, 0);
  assert.equal((await user.run(['ksctl', 'tokens', 'list'])).code, 0);
  assert.match((await user.run([...line, '--ca-file', '/nowhere'])).stderr, /cannot be read/);
});

test('a defect of another server is plain text on standard error', async (t) => {
  const user = newUser(t);
  const url = await listen(t, null, (_, response) => void response.writeHead(502).end('<html>'));
  const { code, stderr } = await user.run(['ksctl', 'tokens', 'list', '--url', url.origin, '--jwt', 'a.b.c']);
  assert.deepEqual([code, stderr], [1, 'the server answered 502: no explanation\n']);
});
