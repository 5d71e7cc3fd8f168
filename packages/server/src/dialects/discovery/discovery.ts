/** What whoever verifies tokens has to know: `/.well-known/jwks.json` (RFC 7517 §5). @module */
import { sendPublicJson } from '../../http/answer.ts';
import type { Dialect } from '../../http/http-server.ts';
import type { ErrorFace } from '../../http/refusal.ts';
import type { Core } from '../../operations/core.ts';
import { publicKeys } from '../../operations/signing-keys.ts';

/** A minute less than a new key is published ahead: for slow answers and clocks that differ. */
const maxAgeSeconds = 240;

export function discovery(core: Core, face: ErrorFace): Dialect {
  return {
    name: 'discovery',
    prefix: '/.well-known',
    face,
    plugin: async (scope) => {
      const schema = { tags: ['keys'], summary: 'The public keys that verify tokens, as a JWK Set' };
      scope.get('/jwks.json', { schema }, async (request, reply) => {
        const keys = await publicKeys(core);
        return sendPublicJson(request, reply, JSON.stringify({ keys }), maxAgeSeconds);
      });
    },
  };
}
