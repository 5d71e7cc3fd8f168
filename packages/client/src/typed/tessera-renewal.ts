/** How a Tessera server renews its own refresh tokens, by dialect. @module */
import type { AnswerRecipe } from '../plan/answer-recipe.ts';
import type { RequestRecipe } from '../plan/request-recipe.ts';
import { grantParameter } from './oauth.ts';
import { answerRecipe, header, member, requestRecipe, text, variable } from './recipes.ts';
import type { TesseraConfig } from './token-client-config.ts';

const accept = header('Accept', text('application/json'));
const json = header('Content-Type', text('application/json'));

/** @param server the server's own URL; a path in it goes before the dialect's */
export function tesseraRenewal(
  { dialect, rotation = 'renew' }: Pick<TesseraConfig, 'dialect'> & { readonly rotation?: 'renew' | 'keep' },
  server: URL,
  timeoutMs: number,
): { readonly request: RequestRecipe; readonly answer: AnswerRecipe } {
  const at = (path: string): URL => new URL(server.pathname.replace(/\/$/, '') + path, server);
  const body = { kind: 'json', nothing: 'no-body' } as const;
  const refreshToken = { field: 'refresh_token', from: 'refresh_token' };
  switch (dialect) {
    case 'ciphertrust':
      return {
        request: requestRecipe({
          url: at('/api/v1/auth/tokens'),
          headers: [accept, json],
          sources: [{ field: 'grant_type', from: grantParameter.renewal }, refreshToken],
          // Said outright, because a server may be set to give refresh tokens unasked.
          fixed: rotation === 'renew' ? { renew_refresh_token: true } : { issueRefreshToken: false },
          body,
          timeoutMs,
        }),
        answer: answerRecipe({
          token: member('jwt'),
          expiresIn: member('duration'),
          refreshToken: member('refresh_token'),
        }),
      };
    case 'nebularstack':
      return {
        request: requestRecipe({
          method: 'PUT',
          url: at('/v2/token'),
          headers: [accept, json, header('X-Auth-Token', variable('token'))],
          sources: [refreshToken],
          body,
          timeoutMs,
        }),
        answer: answerRecipe({ token: member('token'), refreshToken: member('refresh_token') }),
      };
    case 'nectar':
      return {
        request: requestRecipe({
          url: at('/aapi/jwt/token/renew'),
          headers: [
            accept,
            header('X-Refresh-Token', variable('refresh_token')),
            header('Authorization', text('Bearer '), variable('token')),
          ],
          sources: [],
          body: { kind: 'none' },
          timeoutMs,
        }),
        answer: answerRecipe({
          token: member('accessToken'),
          expiresIn: member('expiresIn'),
          refreshToken: member('refreshToken'),
        }),
      };
  }
}
