/** Decides the calls about one session one after the other, up to where they must be written. @module */
import type { HeldSession } from '../../domain/holder.ts';
import type { SessionId } from '../../domain/ids.ts';
import type { Session } from '../../domain/session.ts';
import type { NamedScope } from '../../domain/tenancy.ts';
import type { Configuration } from '../configuration.ts';
import type { SessionChange, Write } from '../database.ts';
import type { Loaded } from './session-statements.ts';

/** Somebody who waits for a decision about a session. */
export interface Call {
  readonly id: SessionId;
  /** What the holder's roles are computed for; null: the session's own scope. */
  readonly scope: NamedScope | null;
  readonly decide: (held: HeldSession, configuration: Configuration) => SessionChange<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** How often its decision was overtaken by somebody else's write. */
  lost: number;
}

/** What is to be written for some calls about one session, all of which it answers. */
export interface Plan {
  readonly id: SessionId;
  /** Of the row that was read. */
  readonly version: number;
  /** Null: the row stays. */
  readonly session: Session | null;
  readonly writes: readonly Write[];
  readonly answers: readonly { readonly call: Call; readonly result: unknown }[];
  /** Calls that have to wait until this is written. */
  readonly rest: readonly Call[];
}

/** A call whose decision throws is answered with that at once, and is in no plan. */
export function decideInTurn(calls: readonly Call[], loaded: Loaded, configuration: Configuration): Plan {
  const answers: Plan['answers'][number][] = [];
  const plan = { id: loaded.session.id, version: loaded.version, answers };
  let session = loaded.session;
  const changed = (): Session | null => (session === loaded.session ? null : session);
  for (const [index, call] of calls.entries()) {
    // In another scope the holder has other roles: they have to be read again.
    if (call.scope === null && isElsewhere(session, loaded))
      return { ...plan, session: changed(), writes: [], rest: calls.slice(index) };
    const change = decide(call, { session, holder: loaded.holderOf(call.scope) }, configuration);
    if (change === null) continue;
    const writes = change.writes ?? [];
    // Other statements stand or fall with this call alone, so nobody else's change may be in the same transaction.
    if (writes.length > 0 && changed() !== null)
      return { ...plan, session: changed(), writes: [], rest: calls.slice(index) };
    answers.push({ call, result: change.result });
    session = change.session ?? session;
    if (writes.length > 0) return { ...plan, session: changed(), writes, rest: calls.slice(index + 1) };
  }
  return { ...plan, session: changed(), writes: [], rest: [] };
}

function decide(call: Call, held: HeldSession, configuration: Configuration): SessionChange<unknown> | null {
  try {
    return call.decide(held, configuration);
  } catch (error) {
    call.reject(error);
    return null;
  }
}

function isElsewhere({ domainId, tenantId }: Session, loaded: Loaded): boolean {
  return domainId !== loaded.session.domainId || tenantId !== loaded.session.tenantId;
}
