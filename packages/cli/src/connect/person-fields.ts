/** The flags that describe a user in the `nebularstack` dialect, and the fields they fill. @module */
import type { Context } from '../program/context.ts';
import { type Flag, type OptionsOf, textFlag, yesNoFlag } from '../program/flag.ts';
import { accountFlags, accountPassword } from './account-fields.ts';
import { given } from './fields.ts';

type Text = Flag<string | null>;

export const personFlags: {
  readonly pword: Text;
  readonly 'pword-stdin': Flag<boolean>;
  readonly email: Text;
  readonly 'friendly-name': Text;
  readonly enabled: Flag<boolean | null>;
  readonly 'org-name': Text;
} = {
  pword: accountFlags.pword,
  'pword-stdin': accountFlags['pword-stdin'],
  email: accountFlags.email,
  'friendly-name': accountFlags['friendly-name'],
  enabled: yesNoFlag('whether the user may sign in'),
  'org-name': textFlag('organization', { placeholder: 'NAME' }),
};

/** The fields of the options given. */
export async function personFields(
  options: OptionsOf<typeof personFlags>,
  context: Context,
): Promise<Record<string, unknown>> {
  return given({
    password: await accountPassword(options, context),
    email: options.email,
    name: options['friendly-name'],
    enabled: options.enabled,
    org_name: options['org-name'],
  });
}
