/** `tokens create` @module */
import {
  type Answer,
  buildRefreshGrant,
  type Connection,
  type RefreshTokenWish,
  readTokens,
  Secret,
  sendRequest,
} from '@tessera/client';
import { loadSettings, requireUrl, type Settings } from '../../config/settings.ts';
import { requireDialect } from '../../connect/by-dialect.ts';
import { connectionTo } from '../../connect/connection.ts';
import { asksForSignIn } from '../../connect/credential.ts';
import { signIn } from '../../connect/sign-in.ts';
import { replaceStoredToken } from '../../login/stored-login.ts';
import { type Command, defineCommand, type Invocation } from '../../program/command.ts';
import { UsageError } from '../../program/errors.ts';
import { countFlag, listFlag, type OptionsOf, switchFlag, textFlag } from '../../program/flag.ts';
import { printAnswer } from '../../terminal/print.ts';

const flags = {
  'issue-rt': switchFlag('also get a refresh token; with --refresh-token, a new one for it'),
  'refresh-token': textFlag('sign in with this refresh token', { placeholder: 'TOKEN' }),
  'rt-life': countFlag('the refresh token ends after so many minutes', { placeholder: 'MINUTES' }),
  'rt-unused-life': countFlag('the refresh token ends when unused for so many minutes', {
    placeholder: 'MINUTES',
  }),
  labels: listFlag('labels to find the refresh token by'),
};

type Options = OptionsOf<typeof flags>;

export const command: Command = defineCommand({
  flags,
  examples: ({ name, prefix }) => [
    `${name} tokens create --user admin --issue-rt | jq -r .refresh_token`,
    `${name} tokens create --issue-rt --rt-unused-life 60 --labels backup,nightly`,
    `${name} tokens create --issue-rt --refresh-token "$TOKEN"`,
    `export ${prefix}JWT=$(${name} tokens create --refresh-token "$TOKEN" | jq -r .jwt)`,
  ],
  run: async (options, invocation) => {
    const wish = wishOf(options);
    const given = options['refresh-token'];
    if (given !== null && hasLifetimes(options)) {
      throw new UsageError(
        '--rt-life, --rt-unused-life and --labels are for a sign-in; a renewed token keeps its own',
      );
    }
    const settings = loadSettings(invocation);
    requireDialect('ciphertrust', settings);
    const connection = connectionTo(requireUrl(settings, invocation), settings, invocation.context);
    const answer =
      given === null
        ? await createBySignIn(connection, settings, wish, invocation)
        : await createByRefresh(connection, settings, { token: new Secret(given), wish }, invocation);
    printAnswer(answer, invocation.context);
  },
});

function hasLifetimes(options: Options): boolean {
  return options['rt-life'] !== null || options['rt-unused-life'] !== null || options.labels !== null;
}

function wishOf(options: Options): RefreshTokenWish {
  if (!options['issue-rt'] && !hasLifetimes(options)) return { kind: 'none' };
  return {
    kind: 'issue',
    lifetimeMinutes: options['rt-life'],
    idleMinutes: options['rt-unused-life'],
    labels: options.labels ?? [],
  };
}

/** The stored login serves for an API token alone; a refresh token is issued only to who signs in. */
async function createBySignIn(
  connection: Connection,
  settings: Settings,
  wish: RefreshTokenWish,
  invocation: Invocation,
): Promise<Answer> {
  const { refreshToken, domain } = settings;
  const isStoredEnough = wish.kind === 'none' && domain === null && !asksForSignIn(invocation.globals);
  if (refreshToken === null || !isStoredEnough) {
    return signIn(connection, settings, { refreshToken: wish, otp: null }, invocation);
  }
  return sendRequest(connection, buildRefreshGrant({ refreshToken, rotation: 'keep', domain: null }));
}

interface Presented {
  readonly token: Secret;
  readonly wish: RefreshTokenWish;
}

async function createByRefresh(
  connection: Connection,
  settings: Settings,
  { token, wish }: Presented,
  { context, globals }: Invocation,
): Promise<Answer> {
  const rotation = wish.kind === 'none' ? 'keep' : 'renew';
  // Only a domain typed here: another than the token's own spends it.
  const grant = buildRefreshGrant({ refreshToken: token, rotation, domain: globals.domain || null });
  const answer = await sendRequest(connection, grant);
  const tokens = readTokens(answer);
  if (tokens.refreshToken !== null) await replaceStoredToken(settings.configPath, token, tokens, context);
  return answer;
}
