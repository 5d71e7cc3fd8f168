/** `PUT /account/v1/password`: a new password for the caller, proved by the old one. @module */
import { usualGuessLimits } from '../../domain/guessing.ts';
import { sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { opaque, text, word } from '../../http/strict-fields.ts';
import { changeOwnPassword } from '../../operations/change-password.ts';
import type { Core } from '../../operations/core.ts';
import { requireInteractive } from '../../operations/require-interactive.ts';
import { callerOf } from './caller.ts';
import { noContent } from './describe-routes.ts';

const change = Type.Object({
  password: opaque({ description: 'The current one.' }),
  newPassword: opaque(),
  otp: Type.Optional(text({ description: 'Where the account has a second factor.' })),
  apiTokens: Type.Optional(
    word(['keep', 'revoke'], {
      description: 'What becomes of API tokens and other tokens of programs; `keep` if absent.',
    }),
  ),
});

/** Whoever changes a password is logged out, everywhere and here. */
export function addPasswordRoute(app: App, core: Core): void {
  const summary = "Changes the caller's password and ends all sessions that a sign-in opened";
  const schema = { body: change, tags: ['account'], summary, response: noContent };
  app.put('/password', { schema }, async (request, reply) => {
    const caller = callerOf(request);
    requireInteractive(caller);
    const { password, newPassword, otp = null, apiTokens = 'keep' } = request.body;
    await changeOwnPassword(core, caller, {
      password,
      otp,
      newPassword,
      guessLimits: usualGuessLimits,
      ending: { purpose: apiTokens === 'revoke' ? 'any' : 'interactive', except: null },
    });
    return sendNothing(reply);
  });
}
