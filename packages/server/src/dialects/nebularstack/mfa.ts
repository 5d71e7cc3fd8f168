/** `/v1/mfa`: the caller's own second factor; `/v1/user/{user_id}/mfa`: that of a user who lost it. @module */

import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { text } from '../../http/strict-fields.ts';
import { missing } from '../../http/strict-reader.ts';
import { disableSecondFactor, renewRecoveryCodes } from '../../operations/change-second-factor.ts';
import type { Core } from '../../operations/core.ts';
import { activateSecondFactor, enrolSecondFactor } from '../../operations/enrol-second-factor.ts';
import { resetPersonsSecondFactor } from '../../operations/tenancy-user-changes.ts';
import { callerOf } from './caller.ts';
import { credentialFields, readOtp, readProof } from './credentials.ts';
import type { NebularOptions } from './options.ts';
import { drawQrCode } from './qr-code.ts';

const proof = Type.Object(credentialFields);
const userParam = Type.Object({ user_id: text() });

export function addMfaRoutes(app: App, core: Core, { guessLimits }: NebularOptions): void {
  const about = (summary: string) => ({ schema: { body: proof, tags: ['mfa'], summary } });

  app.post('/mfa', about('Makes a secret that waits for its first code'), async (request, reply) => {
    const shown = { ...readProof(request.body), guessLimits };
    const { secret, otpauthUri } = await enrolSecondFactor(core, callerOf(request), shown);
    const qr = await drawQrCode(otpauthUri);
    const answer = { secret, otpauth_uri: otpauthUri, qr_code: qr.dataUri, qr_text: qr.text };
    return sendJson(reply, 200, JSON.stringify(answer));
  });

  app.put('/mfa', about('Switches the second factor on by its first code'), async (request, reply) => {
    const otp = readOtp(request.body);
    if (otp === null) throw missing('otp');
    const shown = { otp, guessLimits };
    const codes = await activateSecondFactor(core, callerOf(request), shown);
    return sendJson(reply, 200, JSON.stringify({ recovery_codes: codes }));
  });

  app.post('/mfa/recovery', about('Replaces the recovery codes'), async (request, reply) => {
    const shown = { ...readProof(request.body), guessLimits };
    const codes = await renewRecoveryCodes(core, callerOf(request), shown);
    return sendJson(reply, 200, JSON.stringify({ recovery_codes: codes }));
  });

  app.post('/mfa/disable', about('Takes the second factor away'), async (request, reply) => {
    const shown = { ...readProof(request.body), guessLimits };
    await disableSecondFactor(core, callerOf(request), shown);
    return sendNothing(reply);
  });

  const reset = { params: userParam, tags: ['mfa'], summary: "Takes a user's second factor away" };
  app.delete('/user/:user_id/mfa', { schema: reset }, async (request, reply) => {
    await resetPersonsSecondFactor(core, callerOf(request), request.params.user_id);
    return sendNothing(reply);
  });
}
