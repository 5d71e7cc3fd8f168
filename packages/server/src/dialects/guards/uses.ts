/** `POST /guard/v1/uses`: what a guard has seen used since it last said so. @module */
import type { SessionId } from '../../domain/ids.ts';
import { sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { list, text, whole } from '../../http/strict-fields.ts';
import type { FormatSet } from '../../operations/authenticate-at-any.ts';
import type { Core } from '../../operations/core.ts';
import { noteUses } from '../../operations/note-uses.ts';
import { applicationOf } from './guard.ts';

const mostAtOnce = 500;

const sessionUse = Type.Object({
  session: text({ description: 'Claim `sid` of an access token that was taken.' }),
  generation: Type.Optional(whole({ minimum: 0, description: 'Its claim `gen`, if it has one.' })),
  address: Type.Optional(text({ description: 'Where it came from.' })),
});

const uses = Type.Object({
  sessions: Type.Optional(list(sessionUse, { maxItems: mostAtOnce })),
  tokens: Type.Optional(
    list(text(), { maxItems: mostAtOnce, description: 'Hash claims of tokens granted for the application.' }),
  ),
});

export function addUsesRoute(app: App, core: Core, formats: readonly FormatSet[]): void {
  const response = { 204: { description: 'Noted.', type: 'null' } };
  const schema = { body: uses, summary: 'Notes which tokens were used', response };
  app.post('/uses', { schema }, async (request, reply) => {
    const { sessions = [], tokens = [] } = request.body;
    const used = sessions.map(({ session, generation, address = '' }) => ({
      session: session as SessionId,
      // Tokens count the generations of their session from 0.
      generation: generation === undefined ? null : generation + 1,
      address,
    }));
    await noteUses(core, formats.flat(), applicationOf(request), { sessions: used, tokens });
    return sendNothing(reply);
  });
}
