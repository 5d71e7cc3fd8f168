/** `token grant` @module */
import { type GrantOptions, grantJsonWebToken, KeyError } from '@tessera/token';
import { type Command, defineCommand } from '../../program/command.ts';
import type { Context } from '../../program/context.ts';
import { UsageError } from '../../program/errors.ts';
import { type OptionsOf, repeatedFlag, textFlag } from '../../program/flag.ts';
import { printLine, warn } from '../../terminal/print.ts';
import { atServer } from '../../token/at-server.ts';
import { readExpiry } from '../../token/expiry.ts';
import { grantAtServer, type WantedToken } from '../../token/grant-at-server.ts';
import { readPayload } from '../../token/payload.ts';
import { readSigningKey, signingKeyFlags } from '../../token/signing-key.ts';

const flags = {
  identity: textFlag('who the token is for', { placeholder: 'NAME' }),
  'user-name': textFlag('the same as --identity', { placeholder: 'NAME' }),
  application: textFlag('the same as --identity; with --server: the registered application', {
    placeholder: 'NAME',
  }),
  issuer: textFlag('who grants it; poshud.com if left out', { placeholder: 'NAME' }),
  audience: textFlag('the API it is for; UniversalDashboard if left out', { placeholder: 'NAME' }),
  subject: textFlag('UniversalDashboard if left out', { placeholder: 'NAME' }),
  expiry: textFlag('when it ends: after a duration, or at a date; a year if left out', {
    placeholder: '10d|DATE',
  }),
  role: repeatedFlag('a role; may be given several times', { placeholder: 'NAME' }),
  payload: repeatedFlag('a further claim; may be given several times', { placeholder: 'KEY=VALUE' }),
  'payload-json': textFlag('further claims, a JSON object; "-": from standard input', {
    placeholder: 'FILE|-',
    completion: 'file',
  }),
  server: textFlag('grant it at this Tessera server, which keeps a list', { placeholder: 'HOST' }),
  description: textFlag('with --server: for the list', { placeholder: 'TEXT' }),
  ...signingKeyFlags,
};

/** Offline: whoever holds the key can. */
export const command: Command = defineCommand({
  flags,
  examples: ({ name }) => [
    `${name} token grant --identity Adam --signing-key-file key.txt`,
    `${name} token grant --user-name Adam --issuer IMS --role Administrator --role Operator --expiry 10d`,
    `${name} token grant --application nightly --payload Account=Billing --expiry 2030-12-31`,
    `${name} token grant --server tokens.example.com --application 'Billing API' --role Operator`,
  ],
  run: async (options, invocation) => {
    const { context } = invocation;
    const { 'payload-json': file } = options;
    if (options['signing-key-stdin'] && file === '-') {
      throw new UsageError('standard input cannot be both the payload and the key');
    }
    const payload = await readPayload(file, options.payload, context);
    if (options.server !== null) {
      await grantAtServer(
        { ...registryWish(options, context), payload },
        atServer(options.server, invocation),
      );
      return;
    }
    if (options.description !== null) throw new UsageError('--description goes with --server');
    const signingKey = (await readSigningKey(options, context)).reveal();
    const token = grant({ ...wishOf(options, context.nowMs()), payload, signingKey }, context);
    printLine(token, context);
  },
});

/** @throws {UsageError} what only counts offline, or no application */
function registryWish(options: OptionsOf<typeof flags>, context: Context): Omit<WantedToken, 'payload'> {
  const { application, identity, 'user-name': userName, expiry, role: roles, description } = options;
  const offline = ['issuer', 'audience', 'subject', 'signing-key', 'signing-key-file'] as const;
  const misplaced = offline.find((name) => options[name] !== null);
  if (misplaced !== undefined)
    throw new UsageError(`--${misplaced} is the application's, not given with --server`);
  if (application === null) throw new UsageError('--server needs --application, as it is registered there');
  if (identity !== null && userName !== null)
    throw new UsageError('--identity and --user-name mean the same: give one');
  const ends = expiry === null ? null : readExpiry(expiry, context.nowMs());
  return { application, identity: identity ?? userName, roles, expiry: ends, description };
}

function wishOf(options: OptionsOf<typeof flags>, nowMs: number): GrantOptions {
  const { identity, 'user-name': userName, application, issuer, audience, subject, expiry, role } = options;
  if ([identity, userName, application].filter((name) => name !== null).length !== 1)
    throw new UsageError('give exactly one of --identity, --user-name and --application');
  const given = { identity, userName, application, issuer, audience, subject };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, text]) => text !== null)),
    ...(expiry === null ? {} : { expiry: readExpiry(expiry, nowMs) }),
    roles: role,
    now: new Date(nowMs),
  };
}

function grant(options: GrantOptions, context: Context): string {
  try {
    return grantJsonWebToken(options, ({ message }) => warn(message, context));
  } catch (error) {
    if (error instanceof TypeError || error instanceof KeyError) throw new UsageError(error.message);
    throw error;
  }
}
