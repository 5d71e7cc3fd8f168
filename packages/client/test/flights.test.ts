/** Tokens under any schedule: who calls, who is refused, who leaves, and in what order the answers come. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTokenClient, type TokenClient, TokenClientError } from '../src/index.ts';

/** What one caller does. */
interface Caller {
  /** Turns of the event loop before it calls. */
  readonly starts: number;
  /** Turns after which it leaves; null: it stays. */
  readonly leaves: number | null;
}

interface Schedule {
  readonly callers: readonly Caller[];
  /** Turns that each token request, and each call, takes. */
  readonly tokenTurns: readonly number[];
  readonly callTurns: readonly number[];
  /** After how many calls the API forgets all tokens given so far. */
  readonly forgets: readonly number[];
  /** Token requests that fail, by number. */
  readonly failing: readonly number[];
}

const turns = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });

const schedules: fc.Arbitrary<Schedule> = fc.record({
  callers: fc.array(fc.record({ starts: turns(12), leaves: fc.option(turns(12), { nil: null, freq: 3 }) }), {
    minLength: 1,
    maxLength: 25,
  }),
  tokenTurns: fc.array(turns(6), { minLength: 1, maxLength: 5 }),
  callTurns: fc.array(turns(6), { minLength: 1, maxLength: 5 }),
  forgets: fc.uniqueArray(turns(20), { maxLength: 2 }),
  failing: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
});

async function wait(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

interface World {
  readonly client: TokenClient;
  readonly seen: { tokens: number; calls: number; inAir: number; mostInAir: number };
}

/** An API within this process: the schedule is exact. */
function worldOf({ tokenTurns, callTurns, forgets, failing }: Schedule): World {
  const seen = { tokens: 0, calls: 0, inAir: 0, mostInAir: 0 };
  let oldestGood = 1;
  const turnsOf = (list: readonly number[], number: number): number => list[number % list.length] ?? 0;
  const answer = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    if (String(input).endsWith('/token')) {
      const number = ++seen.tokens;
      seen.mostInAir = Math.max(seen.mostInAir, ++seen.inAir);
      await wait(turnsOf(tokenTurns, number));
      seen.inAir--;
      init.signal?.throwIfAborted();
      if (failing.includes(number)) return new Response('out of order', { status: 500 });
      return Response.json({ access_token: String(number), expires_in: 3600 });
    }
    const number = ++seen.calls;
    await wait(turnsOf(callTurns, number));
    if (forgets.includes(number)) oldestGood = seen.tokens + 1;
    const token = Number(new Headers(init.headers).get('authorization')?.slice('Bearer '.length));
    return token < oldestGood ? new Response('', { status: 401 }) : Response.json({ token });
  };
  const client = createTokenClient({
    timeoutMs: 20_000,
    baseUrl: 'http://api.test',
    token: { kind: 'request', url: 'http://api.test/token' },
    repeats: 5,
    fetch: answer as typeof fetch,
  });
  return { client, seen };
}

type Ending = 'answered' | 'left' | 'token failed' | 'refused';

async function live(client: TokenClient, { starts, leaves }: Caller): Promise<Ending> {
  await wait(starts);
  const leaving = new AbortController();
  if (leaves !== null) void wait(leaves).then(() => leaving.abort());
  try {
    await client.request({ path: '/widgets', signal: leaving.signal });
    return 'answered';
  } catch (error) {
    if (error instanceof TokenClientError) return error.stage === 'token' ? 'token failed' : 'refused';
    assert.equal((error as Error).name, 'AbortError');
    return 'left';
  }
}

test('whatever the schedule of calls, refusals and departures: all end, one flight at a time, no token asked for in vain', async () => {
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      const { client, seen } = worldOf(schedule);
      const endings = await Promise.all(schedule.callers.map((caller) => live(client, caller)));
      const stayed = schedule.callers.filter(({ leaves }) => leaves === null).length;
      const left = endings.filter((ending) => ending === 'left').length;
      assert.ok(left <= schedule.callers.length - stayed, 'only who wanted to leave has left');
      if (left === 0) assert.ok(seen.mostInAir <= 1, 'one token request at a time');
      // One to begin with, one for each time the API forgot, for each that failed, and for each that was left alone.
      const reasons = 1 + schedule.forgets.length + schedule.failing.length + left;
      assert.ok(seen.tokens <= reasons, `${seen.tokens} token requests for ${reasons} reasons`);
      if (schedule.failing.length === 0) assert.ok(!endings.includes('token failed'));
      assert.ok(
        !endings.includes('refused'),
        'the API takes each new token until it forgets, which it does twice at most',
      );
      await client.close();
    }),
    { numRuns: 300 },
  );
});
