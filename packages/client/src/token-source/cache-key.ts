/** Under what a token is kept: all that decides which token it is, and no secret. @module */
import { createHmac, randomBytes } from 'node:crypto';
import type { SecretSource } from '../plan/secrets.ts';
import type { TokenPlan } from '../plan/token-plan.ts';
import { canonicalJson } from './canonical-json.ts';

/** A random key per process, for tokens kept in its memory. */
export const processKey: Uint8Array = randomBytes(32);

/**
 * @param authData fields of this call alone; null: none
 * @param hmacKey keeps whoever reads the keys from trying out passwords
 */
export function cacheKey(plan: TokenPlan, authData: unknown, hmacKey: Uint8Array): string {
  const secrets = Object.entries(plan.secrets).map(([name, source]) => [name, textOfSource(source)]);
  const { id, target, fingerprint, parameters, placements } = plan;
  const text = canonicalJson([
    id,
    target,
    fingerprint,
    parameters,
    placements,
    Object.fromEntries(secrets),
    authData,
  ]);
  return createHmac('sha256', hmacKey).update(text).digest('base64url');
}

/** Of a vault's secret its reference: what the vault answers is known only when a token is asked for. */
function textOfSource(source: SecretSource): readonly string[] {
  return source.kind === 'value' ? ['value', source.value.reveal()] : [source.kind, source.text];
}
