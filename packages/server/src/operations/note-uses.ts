/** Notes what guards elsewhere have seen used: the server does not see it by itself. @module */
import type { Application } from '../domain/application.ts';
import type { SessionId } from '../domain/ids.ts';
import { noteAccess } from '../domain/session.ts';
import { noteTokensUsed } from '../store/granted-tokens.ts';
import type { AccessTokenFormat } from './access-token.ts';
import type { Core } from './core.ts';

/** An access token that a guard has taken. */
export interface SessionUse {
  readonly session: SessionId;
  /** Generation in its claims, as the session counts; null: its tokens carry none. */
  readonly generation: number | null;
  /** Where it came from. */
  readonly address: string;
}

export interface Uses {
  readonly sessions: readonly SessionUse[];
  /** Keys of tokens granted for the application. */
  readonly tokens: readonly string[];
}

/** What is known already, of a session that ended, or of an interface that does not ask for it, changes nothing. */
export async function noteUses(
  core: Core,
  formats: readonly AccessTokenFormat[],
  application: Application,
  { sessions, tokens }: Uses,
): Promise<void> {
  const nowMs = core.clock();
  const everySeconds = new Map(formats.map((format) => [format.face, format.recordUseEverySeconds]));
  const notes = sessions.map(({ session: id, ...use }) =>
    core.database.changeSession(id, ({ session }) => {
      const seconds = everySeconds.get(session.face) ?? null;
      if (seconds === null) return { session: null, result: null };
      return { session: noteAccess(session, { ...use, precisionMs: seconds * 1000 }, nowMs), result: null };
    }),
  );
  if (tokens.length > 0)
    notes.push(
      core.database.write([noteTokensUsed(core.database, application.id, tokens, nowMs)]).then(() => null),
    );
  await Promise.all(notes);
}
