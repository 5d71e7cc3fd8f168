/** `GET /guard/v1/revocations`: what of the access tokens out there is worthless, from where the guard stands. @module */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendJson, sendUnchanged } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { text } from '../../http/strict-fields.ts';
import type { Core } from '../../operations/core.ts';
import type { RevocationFollower } from '../../operations/follow-revocations.ts';
import { revocationTeller, type ToldPage, type ToldRevocation } from '../../operations/tell-revocations.ts';
import { waitField, waitForNews } from './waiting.ts';

const query = Type.Object({
  cursor: Type.Optional(text({ description: 'Of the answer before; absent: everything that counts.' })),
  wait: Type.Optional(waitField),
});

const summary = 'Tells which sessions ended, which users are suspended, which generations were replaced';

export function addRevocationRoute(app: App, core: Core, follower: RevocationFollower): void {
  const tell = revocationTeller(core, follower);
  const schema = { querystring: query, summary };
  app.get('/revocations', { schema, config: { waits: true } }, async (request, reply) => {
    const { cursor = null, wait = 0 } = request.query;
    const page = await waitForNews(follower, request, wait, async () => {
      const look = await tell(cursor);
      const isNews = look.revocations.length > 0 || look.start === 'anew' || look.more === 'some';
      return { look, news: isNews ? 'some' : 'none' };
    });
    return answer(request, reply, page);
  });
}

/** The cursor is the answer's tag: who shows it again, and is told nothing new, gets no body (RFC 9110 §13.1.2). */
function answer(request: FastifyRequest, reply: FastifyReply, page: ToldPage): FastifyReply {
  reply.header('etag', `"${page.cursor}"`);
  const isKnown = request.headers['if-none-match'] === `"${page.cursor}"`;
  if (isKnown && page.start === 'further' && page.revocations.length === 0) return sendUnchanged(reply);
  return sendJson(reply, 200, textOf(page));
}

/** Many guards are given the same page. */
const texts = new WeakMap<ToldPage, string>();

function textOf(page: ToldPage): string {
  const known = texts.get(page);
  if (known !== undefined) return known;
  const { cursor, start, more, issuedBeforeMs, revocations } = page;
  const text = JSON.stringify({
    cursor,
    anew: start === 'anew',
    more: more === 'some',
    issuedBefore: issuedBeforeMs === null ? null : Math.floor(issuedBeforeMs / 1000),
    revocations: revocations.map(wireRevocation),
  });
  texts.set(page, text);
  return text;
}

const seconds = (ms: number): number => Math.ceil(ms / 1000);

function wireRevocation(revocation: ToldRevocation): object {
  const until = seconds(revocation.untilMs);
  switch (revocation.kind) {
    case 'session_ended':
      return { kind: revocation.kind, session: revocation.session, until };
    case 'generation_replaced': {
      const { kind, session, generation, fromMs } = revocation;
      // Tokens count the generations of their session from 0.
      return { kind, session, generation: generation - 1, from: seconds(fromMs), until };
    }
    case 'user_suspended': {
      const { kind, user, fromMs } = revocation;
      return { kind, user, from: fromMs === null ? null : seconds(fromMs), until };
    }
    case 'keys_changed':
      return { kind: revocation.kind, until };
    case 'user_restored':
      return { kind: revocation.kind, user: revocation.user, until };
  }
}
