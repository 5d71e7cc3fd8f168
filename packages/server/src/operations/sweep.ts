/** Removes what nobody asks about any more, in small steps beside the server's work. @module */
import { guardSkewMs } from '../domain/application.ts';
import type { TokenLives } from '../domain/revocation.ts';
import type { KeyUse } from '../domain/signing-key.ts';
import { sweepAudit } from '../store/audit.ts';
import { sweepDeniedTokens } from '../store/denied-tokens.ts';
import { sweepGrantedTokens } from '../store/granted-tokens.ts';
import { sweepGuesses } from '../store/guesses.ts';
import { sweepRevocations } from '../store/revocations.ts';
import { sweepSessions } from '../store/sessions.ts';
import type { Core } from './core.ts';
import { expireApiTokens } from './expire-api-tokens.ts';
import { feedAsOfNow } from './feed-as-of-now.ts';
import { sweepSigningKeys } from './sweep-signing-keys.ts';

const day = 86_400_000;
/** How long an ended or expired session is kept, so that it can be looked at and revoked again. */
const sessionKeepingMs = 30 * day;
/** The same for one with a name. */
const namedKeepingMs = 90 * day;
/** How long an expired token is still listed. */
const grantedTokenKeepingMs = 90 * day;
const auditKeepingMs = 400 * day;
const batch = 500;

export interface Sweeping {
  readonly keyUses: readonly KeyUse[];
  readonly tokenLives: TokenLives;
}

/** One round. What is removed was refused before; nothing is decided here. */
export async function sweep(core: Core, { keyUses, tokenLives }: Sweeping): Promise<void> {
  const { database } = core;
  const nowMs = core.clock();
  await expireApiTokens(core, batch);
  const endedBeforeMs = nowMs - sessionKeepingMs;
  await sweepSessions(database, { nowMs, endedBeforeMs, namedEndedBeforeMs: nowMs - namedKeepingMs, batch });
  await sweepGuesses(database, nowMs);
  await database.write([
    sweepGrantedTokens(database, nowMs - grantedTokenKeepingMs),
    sweepDeniedTokens(database, nowMs - guardSkewMs),
  ]);
  // Where no guard asks, nobody else gives them their place, by which they grow old.
  await feedAsOfNow(core, tokenLives);
  await sweepRevocations(database, { nowMs, batch });
  await sweepAudit(database, { beforeMs: nowMs - auditKeepingMs, batch });
  await sweepSigningKeys(core, keyUses);
}
