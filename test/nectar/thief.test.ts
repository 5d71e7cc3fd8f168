/**
 * A thief and an owner with the same pair, in any order of use and with any answers lost: never two living successors, the
 * theft is seen, and an owner whose only misfortune was a lost answer is never logged out.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { auditEntries } from '../harness/stored.ts';
import { claimsOf, type Dialect, minute, onEachEngine, type Pair, pairOf, second } from './dialect.ts';

/** What somebody does next. `lost`: the renewal reaches the server, its answer never arrives. */
type Act = 'call' | 'renew' | 'renew-lost' | 'renew-twice-at-once';

interface Step {
  readonly who: 'owner' | 'thief';
  readonly act: Act;
  /** How long afterwards nothing happens. */
  readonly pauseMs: number;
}

const act = fc.constantFrom<Act>('call', 'renew', 'renew-lost', 'renew-twice-at-once');
const pauseMs = fc.constantFrom(0, second, 29 * second, 31 * second, 10 * minute);
const steps = (...who: Step['who'][]) =>
  fc.array(fc.record({ who: fc.constantFrom(...who), act, pauseMs }), { minLength: 3, maxLength: 12 });

/** Few, as each step is a request or two to a real server: what they look for is in every schedule. */
const numRuns = 25;

/** Somebody with a pair. */
interface Party {
  pair: Pair;
  /** Somebody told them that it is no good. */
  out: boolean;
}

/** Every refresh token that was ever handed out, by its generation. */
type Handed = Map<number, Set<string>>;

async function take(dialect: Dialect, party: Party, step: Step, handed: Handed): Promise<void> {
  if (party.out) return;
  if (step.act === 'call') {
    // A replaced access token is refused without more: its bearer renews.
    await dialect.statusWith(party.pair.accessToken);
    return;
  }
  const { pair } = party;
  const times = step.act === 'renew-twice-at-once' ? 2 : 1;
  const answers = await Promise.all(Array.from({ length: times }, () => dialect.renew(pair)));
  for (const answer of answers) {
    if (answer.status === 401) {
      party.out = true;
      continue;
    }
    const next = pairOf(answer);
    const { gen } = claimsOf(next.accessToken);
    handed.set(gen, (handed.get(gen) ?? new Set()).add(next.refreshToken));
    if (step.act !== 'renew-lost') party.pair = { ...next };
  }
}

/** No generation ever had two refresh tokens. */
function assertNoTwoSuccessors(handed: Handed): void {
  for (const [generation, tokens] of handed) assert.equal(tokens.size, 1, `generation ${generation} has two`);
}

onEachEngine((dialect) => {
  test('an owner who only loses answers is never logged out, whatever they do and whenever', async () => {
    await fc.assert(
      fc.asyncProperty(steps('owner'), async (schedule) => {
        const token = await dialect.newToken();
        const owner: Party = { pair: token, out: false };
        const handed: Handed = new Map();
        for (const step of schedule) {
          await take(dialect, owner, step, handed);
          dialect.advance(step.pauseMs);
        }
        assert.equal(owner.out, false);
        owner.pair = await dialect.next(owner.pair);
        assert.equal(await dialect.statusWith(owner.pair.accessToken), 200);
        assertNoTwoSuccessors(handed);
        await dialect.ciphertrust.api.delete(`/account/v1/api-tokens/${token.id}`, {
          jwt: await dialect.signIn(),
        });
      }),
      { numRuns },
    );
  });

  test('a thief and an owner never hold two different successors, and whoever goes on alone ends it for the other', async () => {
    await fc.assert(
      fc.asyncProperty(steps('owner', 'thief'), async (schedule) => {
        const token = await dialect.newToken();
        const owner: Party = { pair: token, out: false };
        const thief: Party = { pair: token, out: false };
        const handed: Handed = new Map();
        for (const step of schedule) {
          await take(dialect, step.who === 'owner' ? owner : thief, step, handed);
          dialect.advance(step.pauseMs);
        }
        assertNoTwoSuccessors(handed);
        await assertTheftSeen(dialect, token.id, owner, thief);
        await dialect.ciphertrust.api.delete(`/account/v1/api-tokens/${token.id}`, {
          jwt: await dialect.signIn(),
        });
      }),
      { numRuns },
    );
  });
});

/** The owner goes on and uses what they get; then the thief shows what they have, or the other way round. */
async function assertTheftSeen(dialect: Dialect, id: string, owner: Party, thief: Party): Promise<void> {
  const entries = async () =>
    (await auditEntries(dialect.server, 'refresh_token_reused')).filter(({ target }) => target === id);
  const first = await dialect.renew(owner.pair);
  if (first.status === 200) {
    const mine = pairOf(first);
    await dialect.statusWith(mine.accessToken);
    dialect.advance(31 * second);
    const theirs = await dialect.renew(thief.pair);
    // At best the thief has what the owner has just got: then whoever is second from here on is noticed.
    if (theirs.status === 200) {
      const stolen = pairOf(theirs);
      await dialect.statusWith(stolen.accessToken);
      dialect.advance(31 * second);
      assert.equal((await dialect.renew(mine)).status, 401, 'the theft was not seen');
    }
  }
  assert.equal((await entries()).length, 1);
  assert.equal((await dialect.listed(id)).state, 'reused');
  for (const party of [owner, thief]) assert.equal((await dialect.renew(party.pair)).status, 401);
}
