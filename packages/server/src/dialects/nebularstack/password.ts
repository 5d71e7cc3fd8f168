/** `PUT /v1/password`: a new password for the caller, proved by the old one. @module */

import { sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { opaque } from '../../http/strict-fields.ts';
import { changeOwnPassword } from '../../operations/change-password.ts';
import type { Core } from '../../operations/core.ts';
import { callerOf } from './caller.ts';
import { credentialFields, readProof } from './credentials.ts';
import type { NebularOptions } from './options.ts';

const change = Type.Object({ ...credentialFields, new_password: opaque() });

export function addPasswordRoute(app: App, core: Core, { guessLimits }: NebularOptions): void {
  const schema = { body: change, tags: ['users'], summary: "Changes the caller's password" };
  app.put('/password', { schema }, async (request, reply) => {
    const caller = callerOf(request);
    const shown = { ...readProof(request.body), guessLimits, newPassword: request.body.new_password };
    const ending = { purpose: 'interactive', except: caller.principal.sessionId } as const;
    await changeOwnPassword(core, caller, { ...shown, ending });
    return sendNothing(reply);
  });
}
