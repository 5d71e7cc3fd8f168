/** Says of named tokens that are past their life that they have ended, once each. @module */
import { endSession, isExpired } from '../domain/session.ts';
import { freeNames, unendedApiTokens } from '../store/api-tokens.ts';
import { audit } from './audit.ts';
import { configured } from './configured.ts';
import type { Core } from './core.ts';

const nobody = { requestId: 'sweep', address: 'local' };

/** They were refused before; from here on a wider limit does not bring them back. */
export async function expireApiTokens(core: Core, batch: number): Promise<void> {
  const { database } = core;
  const rules = configured(core, await database.configuration());
  const nowMs = core.clock();
  for await (const token of unendedApiTokens(database, batch)) {
    if (!isExpired(token.session, rules.policy, nowMs)) continue;
    const { id } = token.session;
    await database.changeSession(id, ({ session }, configuration) => {
      const { policy } = configured(core, configuration);
      if (session.endedAtMs !== null || !isExpired(session, policy, nowMs))
        return { session: null, result: null };
      const told = { reason: 'expired', actorId: session.userId, target: id };
      const writes = [audit(core, nobody, 'api_token_expired', told), ...freeNames(database, [id])];
      return { session: endSession(session, 'expired', nowMs), writes, result: null };
    });
  }
}
