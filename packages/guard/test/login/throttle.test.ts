/** Guessing is slowed down, in bounded memory, however it is sent. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attempt, createThrottle, type Throttle } from '../../src/login/throttle.ts';

const limits = { failures: 10, windowMs: 300_000, maxEntries: 100, maxWaiting: 5 };

async function admitted(throttle: Throttle, name: string, address: string | null): Promise<Attempt | number> {
  const admission = await throttle.admit(name, address);
  return admission.kind === 'admitted' ? admission.attempt : admission.retryAfterSeconds;
}

async function fail(throttle: Throttle, name: string, address: string | null): Promise<number | 'failed'> {
  const attempt = await admitted(throttle, name, address);
  if (typeof attempt === 'number') return attempt;
  attempt.failed();
  return 'failed';
}

test('after ten failures for a name, from wherever, the name waits until the first of them is five minutes old', async () => {
  let nowMs = 0;
  const throttle = createThrottle(() => nowMs, limits);
  for (let count = 0; count < 10; count++) {
    assert.equal(await fail(throttle, 'Adam', `192.0.2.${count}`), 'failed');
    nowMs += 10_000;
  }
  assert.equal(await fail(throttle, 'ADAM', '192.0.2.99'), 200);
  assert.equal(await fail(throttle, 'Eve', '192.0.2.99'), 'failed');
  nowMs = 299_999;
  assert.equal(await fail(throttle, 'adam', null), 1);
  nowMs = 300_000;
  assert.equal(await fail(throttle, 'adam', null), 'failed');
  assert.equal(await fail(throttle, 'adam', null), 10);
  assert.equal(throttle.slowed, 3);
});

test('after ten failures from an address, of whatever names, the address waits; an IPv6 network is one', async () => {
  for (const [addresses, other] of [
    [['192.0.2.1', '::ffff:192.0.2.1'], '192.0.2.2'],
    [['2001:db8:0:1::1', '2001:DB8::1:ffff:0:0:2', '2001:db8:0:1:1:2:3:4'], '2001:db8:0:2::1'],
  ] as const) {
    const throttle = createThrottle(() => 0, limits);
    for (let count = 0; count < 10; count++) {
      assert.equal(
        await fail(throttle, `name ${count}`, addresses[count % addresses.length] ?? null),
        'failed',
      );
    }
    assert.equal(await fail(throttle, 'another', addresses[0]), 300);
    assert.equal(await fail(throttle, 'another', other), 'failed');
  }
});

test('a success is no failure, however often', async () => {
  const throttle = createThrottle(() => 0, limits);
  for (let count = 0; count < 100; count++) {
    const attempt = await admitted(throttle, 'Adam', '192.0.2.1');
    assert.ok(typeof attempt !== 'number');
    attempt.succeeded();
  }
});

test('of a hundred guesses at once, ten are heard; who waits for their outcome is heard if they succeed', async () => {
  for (const outcome of ['failed', 'succeeded'] as const) {
    const throttle = createThrottle(() => 0, { ...limits, maxWaiting: 100 });
    let heard = 0;
    const guess = async (): Promise<void> => {
      const attempt = await admitted(throttle, 'Adam', '192.0.2.1');
      if (typeof attempt === 'number') return;
      heard++;
      await new Promise((resolve) => setImmediate(resolve));
      attempt[outcome]();
    };
    await Promise.all(Array.from({ length: 100 }, guess));
    assert.equal(heard, outcome === 'failed' ? 10 : 100);
  }
});

test('no more wait than may wait', async () => {
  const throttle = createThrottle(() => 0, limits);
  const attempts = await Promise.all(Array.from({ length: 10 }, () => admitted(throttle, 'Adam', null)));
  const waiting = Array.from({ length: 5 }, () => admitted(throttle, 'Adam', null));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(await admitted(throttle, 'Adam', null), 1);
  for (const attempt of attempts) if (typeof attempt !== 'number') attempt.succeeded();
  for (const attempt of await Promise.all(waiting)) assert.ok(typeof attempt !== 'number');
});

test('a flood of names and addresses takes bounded room', async () => {
  const throttle = createThrottle(() => 0, limits);
  for (let count = 0; count < 2_000; count++) {
    await fail(throttle, `name ${count}`, `2001:db8:${count.toString(16)}::1`);
    assert.ok(throttle.entries <= limits.maxEntries);
  }
  for (let count = 0; count < 200; count++) {
    for (let guess = 0; guess < 10; guess++) await fail(throttle, `slowed ${count}`, null);
    assert.ok(throttle.entries <= limits.maxEntries);
  }
});
