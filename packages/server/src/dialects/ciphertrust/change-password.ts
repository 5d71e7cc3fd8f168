/** `PATCH /auth/changepw`: a new password, proved by the old one; this is how a forced change is made. @module */
import { sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { originOf } from '../../http/origin.ts';
import { Type } from '../../http/schema.ts';
import { changePassword } from '../../operations/change-password.ts';
import type { Core } from '../../operations/core.ts';
import { proofRules, readAccount } from './account.ts';
import { opaque, text } from './fields.ts';

const passwordChange = Type.Object({
  username: text({ description: 'Also as `<connection>|<username>`.' }),
  password: opaque({ description: 'The current one.' }),
  new_password: opaque(),
  otp: Type.Optional(text()),
  auth_domain: Type.Optional(text({ description: 'Domain the account lives in; `root` if absent.' })),
});

export function addChangePasswordRoute(app: App, core: Core): void {
  const schema = {
    body: passwordChange,
    tags: ['users'],
    summary: 'Changes a password, proved by the current one',
  };
  app.patch('/auth/changepw', { schema }, async (request, reply) => {
    const { password, new_password: newPassword } = request.body;
    await changePassword(core, {
      origin: originOf(request),
      account: readAccount(request.body),
      password,
      otp: request.body.otp ?? null,
      ...proofRules,
      newPassword,
      ending: { purpose: 'interactive', except: null },
    });
    return sendJson(reply, 200, '{}');
  });
}
