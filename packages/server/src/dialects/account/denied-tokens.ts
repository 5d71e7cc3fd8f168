/** `POST /account/v1/denied-tokens`: no guard of the application takes the token any more. @module */
import { sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { opaque, text } from '../../http/strict-fields.ts';
import { missing, wrong } from '../../http/strict-reader.ts';
import type { Core } from '../../operations/core.ts';
import { denyToken, type TokenToDeny } from '../../operations/deny-token.ts';
import { callerOf } from './caller.ts';
import { instantOrNull, wireInstant } from './instants.ts';

const denial = Type.Object({
  application: text({ description: 'Its name or id.' }),
  token: Type.Optional(opaque({ description: 'The token itself.' })),
  hash: Type.Optional(
    text({
      description: 'Or its hash claim, else its `jti`, else `sha256:` and the base64url SHA-256 of its text.',
    }),
  ),
  expiresAt: Type.Optional(
    text({ description: 'With `hash`: when the token ends. Absent: not known, and denied for ever.' }),
  ),
});

export function addDeniedTokenRoute(app: App, core: Core): void {
  const tags = ['json web tokens'];
  const schema = { body: denial, tags, summary: 'Denies a token, wherever it was made' };
  app.post('/denied-tokens', { schema }, async (request, reply) => {
    const { application, ...body } = request.body;
    const denied = await denyToken(core, callerOf(request), application, readDenied(body));
    const { key, expiresAtMs } = denied;
    const answer = { application: denied.application.name, hash: key, expiresAt: wireInstant(expiresAtMs) };
    return sendJson(reply, 201, JSON.stringify(answer));
  });
}

/** Exactly one of the two. @throws {ProblemError} `malformed`, `invalid_value` */
function readDenied(body: { token?: string; hash?: string; expiresAt?: string }): TokenToDeny {
  const { token, hash, expiresAt } = body;
  if (token !== undefined && hash !== undefined) throw wrong('hash', 'and token exclude each other');
  if (token !== undefined) return { kind: 'token', token };
  if (hash === undefined) throw missing('token');
  return { kind: 'key', key: hash, expiresAtMs: instantOrNull('expiresAt', expiresAt) };
}
