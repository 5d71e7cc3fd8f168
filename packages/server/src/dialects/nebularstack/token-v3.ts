/** `/v3/token`: a token like an API key, which lives by being used and is purged by hand. @module */

import { sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { originOf } from '../../http/origin.ts';
import { Type } from '../../http/schema.ts';
import { text } from '../../http/strict-fields.ts';
import { closeSession } from '../../operations/close-session.ts';
import type { Core } from '../../operations/core.ts';
import { enterScope } from '../../operations/enter-scope.ts';
import { allFormats, v3Format } from './claims.ts';
import { credentialFields } from './credentials.ts';
import { readContext, requireToken } from './headers.ts';
import type { NebularOptions } from './options.ts';
import { signInBy } from './sign-in.ts';
import { scopeNamed } from './targets.ts';
import { factsOf, nameOf, sendAnswer } from './token-answer.ts';

const idleSeconds = 365 * 86_400;

/** What made the token, as clients know it. */
const tokenApp = 'API';

const signInBody = Type.Object({
  domain: text({
    description: 'Domain the user lives in; X-Domain and X-Tenant-ID say what the token is for.',
  }),
  username: text(),
  ...credentialFields,
  method: Type.Optional(text()),
});

export function addV3TokenRoutes(app: App, core: Core, options: NebularOptions): void {
  const tags = ['tokens'];
  const create = { body: signInBody, tags, summary: 'Creates a token that lives by being used' };
  app.post('/token', { schema: create }, async (request, reply) => {
    const { domain, tenantId } = readContext(request);
    const grant = await signInBy(core, options, request, request.body, {
      home: request.body.domain,
      format: v3Format,
      secondFactor: 'demanded',
      enter: async (_, user) => ({ holder: await enterScope(core, user.id, scopeNamed(domain, tenantId)) }),
      open: {
        kind: 'access',
        purpose: 'interactive',
        tokenKind: 'standard',
        rotation: 'on-expiry',
        lifetimes: { absoluteSeconds: null, idleSeconds },
        labels: [],
        slot: null,
      },
    });
    const { user_id, username, roles, creation_time, ...scope } = factsOf(grant, request);
    const answer = {
      token: grant.accessToken.text,
      token_id: grant.accessToken.id,
      token_app: tokenApp,
      ...scope,
      user_id,
      username,
      name: nameOf(grant.holder),
      roles,
      creation_time,
    };
    return sendAnswer(reply, answer);
  });

  const purge = { tags, summary: 'Ends the token shown' };
  app.delete('/token', { schema: purge }, async (request, reply) => {
    const accessToken = requireToken(request);
    await closeSession(core, {
      accessToken,
      format: v3Format,
      formats: allFormats,
      origin: originOf(request),
    });
    return sendNothing(reply);
  });
}
