/** `POST /auth/revoke`: ends a refresh token's session, proved by its client id or by its user's credentials. @module */
import type { Static } from 'typebox';
import { sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { originOf } from '../../http/origin.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import { type RevokeRequest, revoke } from '../../operations/revoke.ts';
import { accessTokenFormat } from './access-token-format.ts';
import { missing, proofRules, readAccount } from './account.ts';
import { clearTokenCookies, readJwtCookie, readRefreshCookie } from './cookies.ts';
import { opaque, text } from './fields.ts';

const revokeRequest = Type.Object({
  token: Type.Optional(opaque({ description: 'The refresh token; absent: the one in the cookie.' })),
  client_id: Type.Optional(opaque({ description: 'What came with the refresh token. Or else:' })),
  username: Type.Optional(text({ description: 'Also as `<connection>|<username>`.' })),
  password: Type.Optional(opaque()),
  connection: Type.Optional(text()),
  auth_domain: Type.Optional(text()),
  otp: Type.Optional(text()),
});

export function addRevokeRoute(app: App, core: Core): void {
  const schema = { body: revokeRequest, tags: ['tokens'], summary: 'Revokes a refresh token' };
  app.post('/auth/revoke', { schema }, async (request, reply) => {
    const { body } = request;
    const cookie = body.token === undefined ? readRefreshCookie(request, core.issuer) : null;
    const refreshToken = body.token ?? cookie;
    if (refreshToken === null) throw missing('token');
    await revoke(core, {
      face: accessTokenFormat.face,
      origin: originOf(request),
      refreshToken,
      proof: readProof(body),
    });
    if (cookie !== null || readJwtCookie(request.headers) !== null) clearTokenCookies(reply);
    return sendNothing(reply);
  });
}

function readProof(body: Static<typeof revokeRequest>): RevokeRequest['proof'] {
  if (body.client_id !== undefined) return { kind: 'client', clientId: body.client_id };
  if (body.username === undefined) throw missing('client_id, or username and password,');
  if (body.password === undefined) throw missing('password');
  return {
    kind: 'user',
    account: readAccount(body),
    password: body.password,
    otp: body.otp ?? null,
    ...proofRules,
  };
}
