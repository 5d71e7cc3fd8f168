/** The flags that describe a user account, and the fields they fill. @module */
import { Secret } from '@tessera/client';
import type { Context } from '../program/context.ts';
import { UsageError } from '../program/errors.ts';
import { type Flag, listFlag, type OptionsOf, switchFlag, textFlag, yesNoFlag } from '../program/flag.ts';
import { remark } from '../terminal/print.ts';
import { readFirstLine } from '../terminal/read-first-line.ts';
import { given } from './fields.ts';

type Text = Flag<string | null>;
type List = Flag<readonly string[] | null>;
type YesNo = Flag<boolean | null>;

export const accountFlags: {
  readonly pword: Text;
  readonly 'pword-stdin': Flag<boolean>;
  readonly email: Text;
  readonly 'friendly-name': Text;
  readonly dn: Text;
  readonly 'expires-at': Text;
  readonly 'allowed-auth-methods': List;
  readonly 'allowed-client-types': List;
  readonly 'enable-cert-auth': YesNo;
  readonly 'password-change': YesNo;
  readonly 'prevent-ui-login': YesNo;
} = {
  pword: textFlag("the user's password; shows in process lists, better --pword-stdin", { short: 'p' }),
  'pword-stdin': switchFlag("read the user's password from the first line of standard input"),
  email: textFlag('address', { short: 'e', placeholder: 'ADDRESS' }),
  'friendly-name': textFlag("the person's name", { placeholder: 'NAME' }),
  dn: textFlag('subject of the certificate that signs in', { placeholder: 'DN' }),
  'expires-at': textFlag('end of the account, RFC 3339', { placeholder: 'TIME' }),
  'allowed-auth-methods': listFlag('how the user may sign in', { placeholder: 'password,…' }),
  'allowed-client-types': listFlag('which clients the user may use', { placeholder: 'public,…' }),
  'enable-cert-auth': yesNoFlag('whether a certificate may sign in'),
  'password-change': yesNoFlag('whether the password must be changed at the next sign-in'),
  'prevent-ui-login': yesNoFlag('whether the web console is closed to the user'),
};

type PasswordOptions = Pick<OptionsOf<typeof accountFlags>, 'pword' | 'pword-stdin'>;

/** The fields of the options given. */
export async function accountFields(
  options: OptionsOf<typeof accountFlags>,
  context: Context,
): Promise<Record<string, unknown>> {
  const preventUiLogin = options['prevent-ui-login'];
  return given({
    password: await accountPassword(options, context),
    email: options.email,
    name: options['friendly-name'],
    certificate_subject_dn: options.dn,
    expires_at: options['expires-at'],
    allowed_auth_methods: options['allowed-auth-methods'],
    allowed_client_types: options['allowed-client-types'],
    enable_cert_auth: options['enable-cert-auth'],
    password_change_required: options['password-change'],
    login_flags: preventUiLogin === null ? null : { prevent_ui_login: preventUiLogin },
  });
}

/** @throws {UsageError} both ways at once */
export async function accountPassword(options: PasswordOptions, context: Context): Promise<Secret | null> {
  const { pword, 'pword-stdin': fromStdin } = options;
  if (pword !== null && fromStdin) throw new UsageError('--pword and --pword-stdin exclude each other');
  if (fromStdin) return readFirstLine(context.stdin);
  if (pword === null) return null;
  remark('warning: --pword shows in process lists; --pword-stdin does not', context);
  return new Secret(pword);
}
