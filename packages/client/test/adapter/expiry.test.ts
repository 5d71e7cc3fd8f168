/** Guarantees of lifetimes: each row of the table, and no clock or zone that shifts one. @module */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { readTokenResponse, staleAtMs } from '../../src/index.ts';
import { answer, type Changes, failureOf, planOf } from './full-adapter.ts';

const sentAtMs = Date.parse('2029-12-31T23:00:00Z');
const body = (more: object): string => JSON.stringify({ access_token: 'tok-1', ...more });

/** Milliseconds from sending for which the token is used; null: it is not kept. */
function reusedMs(token_timeout: unknown, text: string, changes: Changes = {}): number | null {
  const plan = planOf({ ...changes, authentication: { ...changes.authentication, token_timeout } });
  const token = readTokenResponse(plan, answer(text), sentAtMs, sentAtMs + 100);
  const staleMs = staleAtMs(plan, token, sentAtMs);
  return staleMs === null ? null : staleMs - sentAtMs;
}

const declared = (name: string): Changes => ({
  responseProperties: { token: { external_name: 'access_token' }, [name]: { external_name: `meta.${name}` } },
});
const jwt = (claims: unknown): string =>
  ['{"alg":"none"}', JSON.stringify(claims)]
    .map((part) => Buffer.from(part).toString('base64url'))
    .concat('sig')
    .join('.');

test('-1 and nothing: never kept', () => {
  assert.equal(reusedMs(-1, body({ expires_in: 3600 })), null);
  assert.equal(reusedMs(undefined, body({ expires_in: 3600 })), null);
});

test('a positive time-out alone decides, from sending on, less 60 s or a quarter', () => {
  assert.equal(reusedMs(3600000, body({ expires_in: 5 })), 3_540_000);
  assert.equal(reusedMs(180000, body({ expires: 1 })), 135_000);
  assert.equal(reusedMs('60000', body({})), 45_000);
});

test('0: each way an answer can name its end', () => {
  const inAnHour = '2030-01-01T00:00:00Z';
  const expires = (value: unknown, changes: Changes = {}) => reusedMs(0, body({ expires: value }), changes);
  assert.equal(expires(inAnHour), 3_540_000);
  for (const value of [
    '2030-01-01T00:00:00',
    '2030-01-01 00:00:00',
    '2030-01-01',
    '2030-01-01T00:00:00.0000000Z',
    '2030-01-01T02:00:00+0200',
    'Tue, 01 Jan 2030 00:00:00 GMT',
    'Jan 1, 2030 00:00:00',
    1893456000000,
    1893456000,
    '1893456000000',
    '1893456000',
    3600,
    '3600',
  ]) {
    assert.equal(expires(value), 3_540_000, String(value));
  }
  assert.equal(expires(99_999_999_999), 99_999_999_999_000 - sentAtMs - 60_000);
  assert.equal(reusedMs(0, body({ expires_in: 3600 })), 3_540_000);
  assert.equal(reusedMs(0, body({ expires_in: '300' })), 240_000);
  assert.equal(reusedMs(0, body({ meta: { expires_in: 300 } }), declared('expires_in')), 240_000);
  assert.equal(reusedMs(0, body({ meta: { expires: inAnHour } }), declared('expires')), 3_540_000);
});

test('0: a JWT says it itself, unverified', () => {
  const exp = sentAtMs / 1000 + 600;
  assert.equal(reusedMs(0, JSON.stringify({ access_token: jwt({ exp }) })), 540_000);
  for (const token of [jwt({}), jwt({ exp: 'soon' }), jwt(7), 'a.b.c', 'a.b']) {
    assert.equal(reusedMs(0, JSON.stringify({ access_token: token })), null);
  }
});

test('0: nothing, the past, and numbers that are no time are not kept', () => {
  for (const more of [
    {},
    { expires_in: 0 },
    { expires_in: -5 },
    { expires: '1999-01-01T00:00:00Z' },
    { expires: 'soon' },
    { expires: '' },
    { expires: null },
    { expires: {} },
    { expires_in: true },
    { expires: 'UTC('.repeat(250_000) },
    { expires: 200_000_000_000 },
    { expires_in: 1e300 },
    { expires_in: '9'.repeat(400) },
  ]) {
    assert.equal(reusedMs(0, body(more)), null, JSON.stringify(more).slice(0, 60));
  }
});

test('0: declared expires, declared expires_in, undeclared ones beside the token, the JWT: in that order', () => {
  const both = {
    responseProperties: {
      token: { external_name: 'data.access_token' },
      expires: { external_name: 'e' },
      expires_in: { external_name: 'i' },
    },
  };
  const text = (more: object, beside: object = {}): string =>
    JSON.stringify({ data: { access_token: jwt({ exp: sentAtMs / 1000 + 50 * 60 }), ...beside }, ...more });
  const minutes = (more: object, beside?: object): number | null => {
    const used = reusedMs(0, text(more, beside), both);
    return used === null ? null : used / 60_000 + 1;
  };
  assert.equal(minutes({ e: 600, i: 1200 }, { expires_in: 1800 }), 10);
  assert.equal(minutes({ i: 1200 }, { expires_in: 1800 }), 20);
  assert.equal(minutes({}, { expires_in: 1800, expires: 2400 }), 30);
  assert.equal(minutes({ expires_in: 60 }, { expires: 2400 }), 40);
  assert.equal(minutes({ expires_in: 60 }), 50);
});

test('tokenMarginMs sets the margin without a limit, and must leave something', () => {
  const margin = (tokenMarginMs: number): Changes => ({ options: { tokenMarginMs } });
  assert.equal(reusedMs(180000, body({}), margin(170000)), 10_000);
  assert.equal(reusedMs(0, body({ expires_in: 100 }), margin(0)), 100_000);
  for (const tokenMarginMs of [180000, 200000, -1, 1.5]) {
    assert.match(
      failureOf(() => reusedMs(180000, body({}), margin(tokenMarginMs))).message,
      /options#\/tokenMarginMs/,
    );
  }
});

test('no margin ever goes beyond the life of a token, and none beyond 60 s', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 10 }), (timeoutMs) => {
      const used = reusedMs(timeoutMs, body({})) ?? Number.NaN;
      assert.ok(used > 0 && used <= timeoutMs && timeoutMs - used <= 60_000 && used >= timeoutMs * 0.75);
    }),
    { numRuns: 100 },
  );
});

test('a date without a zone is UTC wherever the process runs', () => {
  const module = fileURLToPath(new URL('../../src/index.ts', import.meta.url));
  const fixture = fileURLToPath(new URL('full-adapter.ts', import.meta.url));
  const script = `
    const { readTokenResponse } = await import(${JSON.stringify(module)});
    const { planOf, answer } = await import(${JSON.stringify(fixture)});
    for (const expires of ['2030-07-01T12:00:00', '2030-07-01 12:00:00', 'July 1, 2030 12:00:00'])
      console.log(readTokenResponse(planOf({ authentication: { token_timeout: 0 } }), answer(JSON.stringify({ access_token: 't', expires })), 0, 0).expiresAtMs);`;
  const printed = ['Asia/Tokyo', 'America/New_York'].map((TZ) =>
    execFileSync(process.execPath, ['--conditions=source', '--input-type=module', '--eval', script], {
      env: { ...process.env, TZ },
      encoding: 'utf8',
    }),
  );
  assert.deepEqual(printed, Array(2).fill(`${Date.parse('2030-07-01T12:00:00Z')}\n`.repeat(3)));
});
