/** `GET /guard/v1/tokens`: which tokens of the guard's application to refuse, or to take. @module */
import type { FastifyReply } from 'fastify';
import { sendJson, sendUnchanged } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { word } from '../../http/strict-fields.ts';
import type { Core } from '../../operations/core.ts';
import type { RevocationFollower } from '../../operations/follow-revocations.ts';
import { type GuardList, guardLists, listAgeMs } from '../../operations/list-for-guards.ts';
import { applicationOf } from './guard.ts';
import { waitField, waitForNews } from './waiting.ts';

const query = Type.Object({
  list: word(['denied', 'known'], { description: 'Tokens to refuse, or the only ones to take.' }),
  wait: Type.Optional(waitField),
});

export function addTokenListRoute(app: App, core: Core, follower: RevocationFollower): void {
  const lists = guardLists(core, follower);
  const summary = "Lists the application's denied tokens, or those granted for it that live";
  const schema = { querystring: query, summary };
  app.get('/tokens', { schema, config: { waits: true } }, async (request, reply) => {
    const { list: kind, wait = 0 } = request.query;
    const application = applicationOf(request);
    const known = request.headers['if-none-match'];
    const look = async () => {
      const list = await lists(application, kind);
      return { look: list, news: list.tag === known ? ('none' as const) : ('some' as const) };
    };
    return answer(reply, known, await waitForNews(follower, request, wait, look, listAgeMs));
  });
}

function answer(reply: FastifyReply, known: string | undefined, { text, tag }: GuardList): FastifyReply {
  reply.header('etag', tag);
  return tag === known ? sendUnchanged(reply) : sendJson(reply, 200, text);
}
