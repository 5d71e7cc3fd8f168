/** What follows from a configuration (rules, keys, verifiers), worked out once for each. @module */
import { createTokenVerifier, type TokenVerifier } from '@tessera/token';
import { type KeyRing, openKeyRing } from '../crypto/key-ring.ts';
import type { SessionPolicy } from '../domain/session.ts';
import { sessionPolicy } from '../domain/settings.ts';
import type { Configuration } from '../store/configuration.ts';
import type { TokenChecks } from './access-token.ts';
import type { Core } from './core.ts';
import { OwnTokens } from './own-tokens.ts';

export interface Configured {
  readonly policy: SessionPolicy;
  readonly keys: KeyRing;
  /** Remembers verified tokens; a change of configuration brings a new one, so a removed key's tokens go with it. */
  readonly verifier: (checks: TokenChecks) => TokenVerifier;
  /** What this process has signed with these keys: it need not be verified. */
  readonly ownTokens: OwnTokens;
}

/** Verified access tokens kept at once; the oldest make room. */
const rememberedTokens = 20_000;

const known = new WeakMap<Configuration, Configured>();

export function configured(core: Core, configuration: Configuration): Configured {
  return known.get(configuration) ?? workOut(core, configuration);
}

function workOut(core: Core, configuration: Configuration): Configured {
  const keys = openKeyRing(configuration.signingKeys, core.sealer, core.clock());
  const verifiers = new Map<TokenChecks, TokenVerifier>();
  const verifier = (checks: TokenChecks): TokenVerifier => {
    const made = verifiers.get(checks) ?? createVerifier(core, keys, checks);
    verifiers.set(checks, made);
    return made;
  };
  const result = {
    policy: sessionPolicy(configuration.settings),
    keys,
    verifier,
    ownTokens: new OwnTokens(),
  };
  known.set(configuration, result);
  return result;
}

function createVerifier(core: Core, keys: KeyRing, checks: TokenChecks): TokenVerifier {
  return createTokenVerifier({
    keys: checks.keys === 'kept' ? { find: keys.findForRenewal } : keys,
    issuer: core.issuer,
    ...(checks.audience === 'installation' ? { audience: core.audience } : {}),
    type: 'JWT',
    expiry: checks.expiry,
    clockToleranceSeconds: checks.lateSeconds,
    maxEntries: rememberedTokens,
  });
}
