/** `GET /account/v1/me`: who the credential speaks for, whatever credential it is. @module */
import { readAuthorization } from '@tessera/guard';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError, refuse } from '../../domain/problem.ts';
import { sendJson } from '../../http/answer.ts';
import { authorizationsOf } from '../../http/authorization-header.ts';
import { wordForBasic } from '../../http/basic-face.ts';
import type { App } from '../../http/dialect-app.ts';
import { originOf } from '../../http/origin.ts';
import { sendRefusal } from '../../http/refuse-request.ts';
import type { FormatSet } from '../../operations/authenticate-at-any.ts';
import { checkBasic } from '../../operations/check-basic.ts';
import type { Core } from '../../operations/core.ts';
import { describeCaller } from '../../operations/describe-caller.ts';
import { answers } from './answers.ts';
import { proveBearer } from './caller.ts';
import { wireInstant } from './instants.ts';

export interface MeOptions {
  readonly formats: readonly FormatSet[];
  /** Whether a user name and a password will do (HTTP Basic). */
  readonly basic: 'on' | 'off';
}

export function addMeRoute(app: App, core: Core, { formats, basic }: MeOptions): void {
  const schema = { tags: ['account'], summary: 'Tells whose credential this is', response: answers.me };
  app.get('/me', { schema }, async (request, reply) => {
    const credential = basicCredential(request);
    if (credential !== null) return await answerBasic(core, basic, credential, request, reply);
    const caller = await proveBearer(core, formats, request);
    const { username, accountType, roles, kind, name, expiresAtMs } = await describeCaller(core, caller);
    const session = { kind, name, expiresAt: wireInstant(expiresAtMs) };
    return sendJson(reply, 200, JSON.stringify({ userName: username, accountType, roles, session }));
  });
}

type Basic = { readonly username: string; readonly password: string } | 'malformed';

/** Null: the scheme is another. */
function basicCredential(request: FastifyRequest): Basic | null {
  const written = authorizationsOf(request);
  if (typeof written !== 'string') return null;
  const read = readAuthorization(written, new Set(['basic']));
  if (read.kind === 'malformed') return 'malformed';
  if (read.kind !== 'basic') return null;
  return { username: read.userName, password: read.password.reveal() };
}

async function answerBasic(
  core: Core,
  basic: MeOptions['basic'],
  credential: Basic,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  try {
    if (basic === 'off' || credential === 'malformed') throw refuse('wrong_credentials', 'basic_unusable');
    const { username, roles } = await checkBasic(core, { domain: null, ...credential }, originOf(request));
    const session = { kind: 'basic', name: null, expiresAt: null };
    const answer = { userName: username, accountType: 'local', roles, session };
    return sendJson(reply, 200, JSON.stringify(answer));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return sendRefusal(error.problem, request, reply, wordForBasic);
  }
}
