/** `/account/v1/second-factor`: the caller's own one-time passwords and recovery codes. @module */
import { usualGuessLimits } from '../../domain/guessing.ts';
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { opaque, text } from '../../http/strict-fields.ts';
import { disableSecondFactor, renewRecoveryCodes } from '../../operations/change-second-factor.ts';
import type { Core } from '../../operations/core.ts';
import {
  activateSecondFactor,
  enrolSecondFactor,
  secondFactorOf,
} from '../../operations/enrol-second-factor.ts';
import { requireInteractive } from '../../operations/require-interactive.ts';
import { answers } from './answers.ts';
import { callerOf } from './caller.ts';
import { noContent } from './describe-routes.ts';

const byPassword = Type.Object({ password: opaque() });
const byBoth = Type.Object({
  password: opaque(),
  otp: Type.Optional(text({ description: 'A one-time password or a recovery code.' })),
});
const byCode = Type.Object({ otp: text({ description: 'The first code that the device shows.' }) });

export function addSecondFactorRoutes(app: App, core: Core): void {
  const tags = ['account'];
  const guessLimits = usualGuessLimits;
  const path = '/second-factor';
  const requireSignIn = async (request: Parameters<typeof callerOf>[0]): Promise<void> =>
    requireInteractive(callerOf(request));
  const guarded = { onRequest: requireSignIn };

  const look = {
    tags,
    summary: 'Tells whether a second factor is asked for, and how many recovery codes are left',
    response: answers.factor,
  };
  app.get(path, { ...guarded, schema: look }, async (request, reply) => {
    const seen = await secondFactorOf(core, callerOf(request));
    return sendJson(reply, 200, JSON.stringify(seen));
  });

  const enrol = {
    body: byPassword,
    tags,
    summary: 'Makes a secret that waits for its first code',
    response: answers.enrolment,
  };
  app.post(path, { ...guarded, schema: enrol }, async (request, reply) => {
    const shown = { password: request.body.password, otp: null, guessLimits };
    return sendJson(reply, 200, JSON.stringify(await enrolSecondFactor(core, callerOf(request), shown)));
  });

  const confirm = {
    body: byCode,
    tags,
    summary: 'Switches the second factor on by its first code',
    response: answers.codes,
  };
  app.put(path, { ...guarded, schema: confirm }, async (request, reply) => {
    const shown = { otp: request.body.otp, guessLimits };
    const recoveryCodes = await activateSecondFactor(core, callerOf(request), shown);
    return sendJson(reply, 200, JSON.stringify({ recoveryCodes }));
  });

  const renew = { body: byBoth, tags, summary: 'Replaces the recovery codes', response: answers.codes };
  app.post(`${path}/recovery-codes`, { ...guarded, schema: renew }, async (request, reply) => {
    const { password, otp = null } = request.body;
    const recoveryCodes = await renewRecoveryCodes(core, callerOf(request), { password, otp, guessLimits });
    return sendJson(reply, 200, JSON.stringify({ recoveryCodes }));
  });

  const disable = { body: byBoth, tags, summary: 'Takes the second factor away', response: noContent };
  app.post(`${path}/disable`, { ...guarded, schema: disable }, async (request, reply) => {
    const { password, otp = null } = request.body;
    await disableSecondFactor(core, callerOf(request), { password, otp, guessLimits });
    return sendNothing(reply);
  });
}
