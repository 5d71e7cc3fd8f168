/** The answers of this API as `/openapi.json` describes them; nothing is serialised by them. @module */

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const textOrNull: Schema = { type: ['string', 'null'] };
const number: Schema = { type: 'integer' };
const numberOrNull: Schema = { type: ['integer', 'null'] };
const flag: Schema = { type: 'boolean' };
const id: Schema = { type: 'string', format: 'uuid' };
const time: Schema = { type: 'string', format: 'date-time' };
const timeOrNull: Schema = { type: ['string', 'null'], format: 'date-time' };
const texts: Schema = { type: 'array', items: text };

function word(...words: readonly string[]): Schema {
  return { type: 'string', enum: words };
}

/** Every member is always there. */
function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', required: Object.keys(properties), properties };
}

function page(name: string, item: Schema): Schema {
  return object({ [name]: { type: 'array', items: item }, nextCursor: textOrNull });
}

function answer(status: number, description: string, schema: Schema): object {
  return { [status]: { description, ...schema } };
}

const apiToken = object({
  id,
  name: text,
  createdAt: time,
  expiresAt: timeOrNull,
  lastUsedAt: timeOrNull,
  lastUsedAddress: textOrNull,
  state: word('live', 'expired', 'revoked', 'reused', 'suspended'),
  current: flag,
});

const session = object({
  id,
  kind: word('sign-in', 'application', 'api-token'),
  interface: text,
  client: textOrNull,
  label: textOrNull,
  createdAt: time,
  createdFrom: text,
  lastUsedAt: timeOrNull,
  lastUsedAddress: textOrNull,
  expiresAt: timeOrNull,
  state: word('live', 'expired', 'ended'),
  current: flag,
});

/** The answers, by what they hold. */
export const answers: Readonly<
  Record<
    'me' | 'generated' | 'apiToken' | 'apiTokens' | 'sessions' | 'factor' | 'enrolment' | 'codes',
    object
  >
> = {
  me: answer(
    200,
    'Whose credential it is.',
    object({
      userName: text,
      accountType: word('local', 'sso'),
      roles: texts,
      session: object({
        kind: word('sign-in', 'application', 'api-token', 'basic'),
        name: textOrNull,
        expiresAt: timeOrNull,
      }),
    }),
  ),
  generated: answer(
    201,
    'The API token, with both values: they are not shown again.',
    object({
      id,
      name: text,
      createdAt: time,
      expiresAt: timeOrNull,
      accessToken: text,
      refreshToken: text,
      tokenType: word('Bearer'),
      expiresIn: number,
      refreshExpiresIn: numberOrNull,
    }),
  ),
  apiToken: answer(200, 'The API token.', apiToken),
  apiTokens: answer(200, 'A page of API tokens.', page('apiTokens', apiToken)),
  sessions: answer(200, 'A page of sessions.', page('sessions', session)),
  factor: answer(
    200,
    'The second factor.',
    object({ state: word('none', 'active'), recoveryCodesLeft: number }),
  ),
  enrolment: answer(200, 'The secret, shown once.', object({ secret: text, otpauthUri: text })),
  codes: answer(200, 'The recovery codes, shown once.', object({ recoveryCodes: texts })),
};
