/** HTTP Basic with a check of the program's own. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basic, createGuard, failure, type GuardEvent, jwt, type LoginCheck, success } from '@tessera/guard';
import { protect } from '@tessera/guard/fetch';
import { grant, signingKey } from '../adapters/tokens.ts';
import { headWith, shown } from '../guard/head.ts';

const encoded = (text: string | Uint8Array): string => Buffer.from(text as string).toString('base64');
const challenge = 'Basic realm="api", charset="UTF-8"';
const check: LoginCheck = ({ userName, password }) =>
  password === 'pass:wörd' ? success({ userName: `${userName}!`, roles: ['Operator'] }) : failure();

function setUp(given: LoginCheck = check) {
  const events: GuardEvent[] = [];
  const guard = createGuard({
    methods: [basic(given, { timeoutSeconds: 0.05 }), jwt({ signingKey })],
    log: (event) => events.push(event),
  });
  const decide = async (...values: string[]) =>
    shown(await guard.decide(headWith(...values.map((value) => ['Authorization', value] as const))));
  return { guard, events, decide };
}

test('name and password are UTF-8 and cut at the first colon; roles reach the principal', async () => {
  const { guard, decide } = setUp();
  assert.equal(await decide(`basic  ${encoded('Adam:pass:wörd')} `), 'pass Adam!');
  assert.equal(await decide(`Bearer ${grant()}`), 'pass Adam');
  const decision = await guard.decide(headWith(['Authorization', `Basic ${encoded('Adam:pass:wörd')}`]));
  assert.ok(decision.kind === 'pass' && decision.principal.isInRole('Operator'));
  assert.equal(guard.metrics().memory.tokens, 1);
});

test('a wrong, unreadable or doubled credential is refused, and falls through to nothing', async () => {
  const { decide } = setUp();
  assert.equal(await decide(), `401 ${challenge}, Bearer`);
  assert.equal(await decide('Basic'), `401 ${challenge}, Bearer`);
  for (const credential of [
    'Adam:wrong',
    'Adam:',
    ':pass:wörd',
    'Adam',
    '',
    'Adam\u0000:pass:wörd',
    Buffer.from('Adam:pass:w\xf6rd', 'latin1'),
  ]) {
    assert.equal(await decide(`Basic ${encoded(credential) || '='}`), `401 ${challenge}`);
  }
  assert.equal(await decide('Basic !!!'), `401 ${challenge}`);
  const right = `Basic ${encoded('Adam:pass:wörd')}`;
  assert.equal(await decide(right, `Bearer ${grant()}`), '401 Bearer error="invalid_token"');
  assert.equal(await decide(right, right), '401 Bearer error="invalid_token"');
  assert.equal(await decide(`${right}, Bearer ${grant()}`), `401 ${challenge}`);
});

test('a check that throws, hangs or returns anything else is a failure, and is logged without the password', async () => {
  for (const broken of [
    () => {
      throw new Error('no directory for pass:wörd');
    },
    () => new Promise(() => {}),
    () => true,
  ]) {
    const { events, decide } = setUp(broken as unknown as LoginCheck);
    assert.equal(await decide(`Basic ${encoded('Adam:pass:wörd')}`), `401 ${challenge}`);
    assert.equal(events.length, 1);
    assert.doesNotMatch(JSON.stringify(events), /wörd/);
  }
});

test('a payload reaches the principal; one that would forge a name or a role is a failure', async () => {
  const right = `Basic ${encoded('Adam:x')}`;
  const { guard } = setUp(() => success({ payload: { Account: 'Billing' } }));
  const decision = await guard.decide(headWith(['Authorization', right]));
  assert.ok(decision.kind === 'pass' && decision.principal.hasClaim('Account', 'Billing'));
  for (const name of ['role', 'Roles', 'unique_name', 'sub']) {
    const { events, decide } = setUp(() => success({ payload: { [name]: 'Administrator' } }));
    assert.equal(await decide(right), `401 ${challenge}`, name);
    assert.deepEqual(
      events.map(({ code }) => code),
      ['TESSERA_LOGIN_CHECK_FAILED'],
    );
  }
});

test('guessing is slowed down', async () => {
  const { guard, decide } = setUp();
  for (let count = 0; count < 10; count++)
    assert.equal(await decide(`Basic ${encoded('Adam:x')}`), `401 ${challenge}`);
  assert.match(await decide(`Basic ${encoded('Adam:pass:wörd')}`), /^429 \d+$/);
  assert.equal(guard.metrics().login.slowed, 1);
});

test('over a wire that others can read, no password is taken', async () => {
  const { guard, events } = setUp(() => assert.fail('the check was asked'));
  const head = { ...headWith(['Authorization', `Basic ${encoded('Adam:pass:wörd')}`]), isPrivate: false };
  for (let times = 0; times < 3; times++) {
    assert.equal(shown(await guard.decide(head)), `401 ${challenge}`);
  }
  const told = events.map(({ code }) => code);
  assert.deepEqual(told, ['TESSERA_PASSWORD_IN_CLEAR']);
});

test('of a fetch-style request, TLS and this machine count as private', async () => {
  const handler = protect(setUp().guard, (_request, { principal }) => new Response(principal.userName));
  const headers = { Authorization: `Basic ${encoded('Adam:pass:wörd')}` };
  const ask = async (origin: string) => (await handler(new Request(`${origin}/a`, { headers }))).status;
  for (const origin of [
    'https://api.example',
    'http://localhost:3000',
    'http://127.0.0.1',
    'http://[::1]:80',
  ]) {
    assert.equal(await ask(origin), 200, origin);
  }
  const elsewhere = [
    'http://api.example',
    'http://localhost.example',
    'http://127.0.0.1.example',
    'http://10.0.0.1',
  ];
  for (const origin of elsewhere) assert.equal(await ask(origin), 401, origin);
});

test('a realm that would break the header is refused', () => {
  assert.throws(() => basic(check, { realm: 'a"b' }), TypeError);
  assert.throws(() => basic(check, { timeoutSeconds: 0 }), TypeError);
});
