/** Tokens by a refresh token that somebody else keeps: loaded, used, and its successor saved before anything else. @module */
import type { Secret } from '@tessera/token';
import { buildRefreshRequest } from '../asking/build-token-request.ts';
import { TokenClientError } from '../plan/errors.ts';
import { resolveSecrets } from '../plan/resolve-secrets.ts';
import type { Secrets } from '../plan/secrets.ts';
import type { HeldToken } from '../token-source/held-token.ts';
import {
  type Asked,
  exchangeForToken,
  type Obtained,
  type Obtaining,
  requestToken,
} from '../token-source/obtain-token.ts';
import type { Obtain } from '../token-source/token-source.ts';
import type { StoredTokens, TokenKeeper } from './token-keeper.ts';

/** @param login whether the plan's own token request is there to be fallen back on */
export function obtainByStored(keeper: TokenKeeper, login: 'there' | 'none'): Obtain {
  /** Of a renewal that could not be saved: what the store holds was already spent for it. */
  let unsaved: { readonly spent: string; readonly next: StoredTokens } | null = null;
  let refused: string | null = null;

  return (obtaining, asked) => oneAtATime(keeper.identity, () => obtain(obtaining, asked));

  async function obtain(obtaining: Obtaining, asked: Asked): Promise<Obtained> {
    const secrets = await resolveSecrets(asked.plan, obtaining.readers);
    const loaded = await load();
    const stored = unsaved !== null && unsaved.spent === textOf(loaded) ? unsaved.next : loaded;
    if (stored === null || textOf(stored) === refused) return signIn(obtaining, asked, secrets, loaded, null);
    try {
      return await renew(obtaining, asked, secrets, stored, loaded);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused = textOf(stored);
      return signIn(obtaining, asked, secrets, loaded, error);
    }
  }

  async function load(): Promise<StoredTokens | null> {
    try {
      return await keeper.load();
    } catch (cause) {
      throw storeFailed('The refresh token cannot be loaded', cause);
    }
  }

  async function renew(
    obtaining: Obtaining,
    asked: Asked,
    secrets: Secrets,
    { accessToken, refreshToken }: StoredTokens,
    loaded: StoredTokens | null,
  ): Promise<Obtained> {
    const { plan } = asked;
    if (plan.step.kind !== 'request' || plan.step.renewal === null)
      throw new Error('the plan renews nothing');
    const { timeoutMs } = plan.step.renewal.request;
    const all = { ...secrets, token: accessToken, refresh_token: refreshToken };
    const request = buildRefreshRequest(plan, all, refreshToken, { authData: asked.authData });
    const [held] = await exchangeForToken(obtaining, asked, all, { request, by: 'refresh', timeoutMs });
    return saved(held, held.refreshToken ?? refreshToken, loaded, secrets);
  }

  async function signIn(
    obtaining: Obtaining,
    asked: Asked,
    secrets: Secrets,
    loaded: StoredTokens | null,
    refusal: TokenClientError | null,
  ): Promise<Obtained> {
    if (login === 'none') throw loginRequired(refusal);
    const { token: held } = await requestToken(obtaining, asked, secrets);
    if (held.refreshToken === null) return { token: held, refresh: null };
    return saved(held, held.refreshToken, loaded, secrets);
  }

  /** @param loaded what the store holds now */
  async function saved(
    held: HeldToken,
    refreshToken: Secret,
    loaded: StoredTokens | null,
    secrets: Secrets,
  ): Promise<Obtained> {
    const next = { accessToken: held.token, refreshToken };
    if (loaded === null || !keeper.isSame(loaded, next)) {
      try {
        await keeper.save(next);
      } catch (cause) {
        unsaved = { spent: textOf(loaded), next };
        throw storeFailed(
          'The renewed refresh token cannot be saved; it is kept in memory for the next attempt',
          cause,
        );
      }
    }
    unsaved = null;
    refused = null;
    return { token: { ...held, refreshToken: null, secrets }, refresh: null };
  }
}

const textOf = (stored: StoredTokens | null): string => stored?.refreshToken.reveal() ?? '';

const running = new WeakMap<object, Promise<unknown>>();

/** A refresh token presented twice at once may look stolen. */
function oneAtATime<Result>(identity: object, work: () => Promise<Result>): Promise<Result> {
  const before = running.get(identity) ?? Promise.resolve();
  const result = before.then(work, work);
  running.set(
    identity,
    result.catch(() => {}),
  );
  return result;
}

/** RFC 6749 §5.2, and what servers without OAuth say. */
function isRefusal(error: unknown): error is TokenClientError {
  if (!(error instanceof TokenClientError) || error.kind !== 'token_status') return false;
  return error.status === 401 || (error.status === 400 && /"invalid_grant"/.test(error.excerpt ?? ''));
}

function loginRequired(refusal: TokenClientError | null): TokenClientError {
  const why =
    refusal === null
      ? 'there is no refresh token, or it was refused before'
      : 'the refresh token was refused';
  const cure = 'sign in again and store the new refresh token, or configure "login"';
  return new TokenClientError(
    'login_required',
    'token',
    `A login is required: ${why}. To cure it, ${cure}.`,
    {
      cure,
      ...(refusal === null
        ? {}
        : {
            status: refusal.status,
            method: refusal.method,
            url: refusal.url,
            excerpt: refusal.excerpt,
            cause: refusal,
          }),
    },
  );
}

function storeFailed(what: string, cause: unknown): TokenClientError {
  const cure = 'see whether the place where it is kept can be read and written';
  return new TokenClientError('store_failed', 'token', `${what}. To cure it, ${cure}.`, { cure, cause });
}
