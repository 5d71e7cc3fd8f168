/**
 * Calls about sessions that come while others are under way share their round trips.
 *
 * A group is one statement that reads its sessions and one that writes the changed ones. Calls about the same session
 * are decided one after the other on the row as it evolves, so that fifty racers cost as much as one; a session is in
 * one group at a time.
 * @module
 */
import type pg from 'pg';
import type { SessionId } from '../../domain/ids.ts';
import type { Configuration } from '../configuration.ts';
import { DatabaseUnavailable, WriteConflict } from '../database.ts';
import { Collision, translateError } from './errors.ts';
import { requireOneRow, run, transact } from './pool.ts';
import { type Call, decideInTurn, type Plan } from './session-plan.ts';
import { type Changed, holdSession, loadSessions, writeSessions } from './session-statements.ts';

/** Few, so that groups grow under load; more than one, so that the database has work while we decide. */
const mostGroups = 3;
const mostSessions = 256;
/** More than any honest race takes. */
const mostLost = 100;

type Group = Map<SessionId, Call[]>;

export class SessionGroups {
  readonly #pool: pg.Pool;
  readonly #configuration: (version: number) => Promise<Configuration>;
  readonly #busy = new Set<SessionId>();
  #waiting: Call[] = [];
  #running = 0;
  #scheduled = false;

  /** @param configuration gives the configuration of this version, or a newer one */
  constructor(pool: pg.Pool, configuration: (version: number) => Promise<Configuration>) {
    this.#pool = pool;
    this.#configuration = configuration;
  }

  add(call: Call): void {
    this.#waiting.push(call);
    this.#schedule();
  }

  /** Everything of one turn of the event loop goes together. */
  #schedule(): void {
    if (this.#scheduled || this.#running === mostGroups) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const group = this.#nextGroup();
      if (group.size > 0) void this.#run(group);
    });
  }

  #nextGroup(): Group {
    const group: Group = new Map();
    this.#waiting = this.#waiting.filter((call) => {
      const calls = group.get(call.id);
      if (calls !== undefined) calls.push(call);
      else if (group.size < mostSessions && !this.#busy.has(call.id)) group.set(call.id, [call]);
      else return true;
      return false;
    });
    return group;
  }

  async #run(group: Group): Promise<void> {
    this.#running += 1;
    for (const id of group.keys()) this.#busy.add(id);
    try {
      await this.#write(await this.#decide(group));
    } catch (error) {
      for (const calls of group.values()) for (const call of calls) call.reject(translateError(error));
    } finally {
      this.#running -= 1;
      for (const id of group.keys()) this.#busy.delete(id);
      if (this.#waiting.length > 0) this.#schedule();
    }
  }

  /** Reads and decides; answers at once where there is nothing to write. */
  async #decide(group: Group): Promise<Plan[]> {
    const loaded = await loadSessions(this.#pool, [...group.values()].flat());
    const plans: Plan[] = [];
    for (const [id, calls] of group) {
      const session = loaded.get(id);
      if (session === undefined) for (const call of calls) call.resolve(null);
      else {
        const configuration = await this.#configuration(session.configurationVersion);
        plans.push(decideInTurn(calls, session, configuration));
      }
    }
    for (const plan of plans) this.#waiting.unshift(...plan.rest);
    for (const plan of plans) if (plan.session === null && plan.writes.length === 0) answer(plan);
    return plans.filter((plan) => plan.session !== null || plan.writes.length > 0);
  }

  async #write(plans: readonly Plan[]): Promise<void> {
    const alone = plans.filter(({ writes }) => writes.length > 0);
    const together = plans.filter(({ writes }) => writes.length === 0);
    await Promise.all([this.#writeTogether(together), ...alone.map((plan) => this.#writeAlone(plan))]);
  }

  async #writeTogether(plans: readonly Plan[]): Promise<void> {
    if (plans.length === 0) return;
    try {
      const written = await writeSessions(this.#pool, plans.flatMap(changeOf));
      for (const plan of plans) {
        if (written.has(plan.id)) answer(plan);
        else this.#again(plan);
      }
    } catch (thrown) {
      const error = translateError(thrown);
      if (error instanceof Collision) for (const plan of plans) this.#again(plan);
      else if (error instanceof DatabaseUnavailable || plans.length === 1)
        for (const plan of plans) refuse(plan, error);
      // One of them cannot be written at all: the others must not suffer for it.
      else await Promise.all(plans.map((plan) => this.#writeTogether([plan])));
    }
  }

  async #writeAlone(plan: Plan): Promise<void> {
    try {
      await transact(this.#pool, async (client) => {
        const isAsRead =
          plan.session === null
            ? await holdSession(client, plan.id, plan.version)
            : (await writeSessions(client, changeOf(plan))).has(plan.id);
        if (!isAsRead) throw new Collision('the session was changed in between');
        for (const { query, mustChange } of plan.writes) {
          const { rowCount } = await run(client, query.compile());
          if (mustChange === 'one') requireOneRow(rowCount);
        }
      });
      answer(plan);
    } catch (error) {
      if (error instanceof Collision) this.#again(plan);
      else refuse(plan, error);
    }
  }

  /** Somebody else was faster: their row is read and decided upon. */
  #again(plan: Plan): void {
    for (const { call } of plan.answers) {
      call.lost += 1;
      if (call.lost < mostLost) this.#waiting.push(call);
      else call.reject(new WriteConflict('the session is changed without end'));
    }
  }
}

function answer(plan: Plan): void {
  for (const { call, result } of plan.answers) call.resolve(result);
}

function refuse(plan: Plan, error: unknown): void {
  for (const { call } of plan.answers) call.reject(error);
}

function changeOf({ session, version }: Plan): Changed[] {
  return session === null ? [] : [{ session, version }];
}
