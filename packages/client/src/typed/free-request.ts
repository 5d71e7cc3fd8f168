/** A token request written out in a typed configuration. @module */
import { splitName } from '../datatypes/value-path.ts';
import { compileFormat } from '../formats/compile-format.ts';
import type { AnswerPlace } from '../plan/answer-recipe.ts';
import type { FieldRecipe } from '../plan/fields-recipe.ts';
import type { BodyRecipe, FieldSource } from '../plan/request-recipe.ts';
import type { TokenStep } from '../plan/token-plan.ts';
import { answerRecipe, header, type RecipeHeader, requestRecipe, text } from './recipes.ts';
import type { AnswerConfig, RequestConfig, RequestDatatype } from './token-client-config.ts';

type Step = Pick<Extract<TokenStep, { kind: 'request' }>, 'request' | 'answer'>;

const members = {
  username: 'username',
  password: 'password',
  client_id: 'clientId',
  client_secret: 'clientSecret',
} as const;
const credentials: ReadonlySet<string> = new Set(Object.keys(members));

/** Those that a field or a header wants, or that are given as nothing: an unset variable of the environment. */
export function missingCredentials(config: RequestConfig): string[] {
  const wanted = [...Object.values(config.fields ?? {}), ...Object.values(config.headers ?? {})].map(String);
  return Object.entries(members).flatMap(([word, member]) => {
    const isWanted = member in config || wanted.some((text) => text.includes(`{${word}}`));
    return isWanted && config[member] === undefined ? [member] : [];
  });
}

export function freeRequest(config: RequestConfig, url: URL, timeoutMs: number): Step {
  const { method = 'POST', requestDatatype = 'JSON', answer = {} } = config;
  const fields = Object.entries(config.fields ?? usualFields(config));
  return {
    request: requestRecipe({
      method: method.toUpperCase(),
      url,
      headers: headersOf(config, requestDatatype, answer.datatype ?? 'JSON'),
      sources: fields.flatMap(([name, value]) => sourceOf(name, value)),
      fields: {
        translation: 'by-schema',
        undeclared: 'sent',
        properties: fields.map(([name, value]) => fieldOf(name, value)),
      },
      body: bodies[
        method.toUpperCase() === 'GET' && requestDatatype !== 'URLQUERY' ? 'none' : requestDatatype
      ],
      timeoutMs,
    }),
    answer: answerRecipe({
      datatype: (answer.datatype ?? 'JSON').toLowerCase() as Lowercase<NonNullable<AnswerConfig['datatype']>>,
      token: placeOf(answer.token ?? 'access_token'),
      tokenp2: answer.tokenp2 === undefined ? null : placeOf(answer.tokenp2),
      expires: answer.expires === undefined ? null : placeOf(answer.expires),
      expiresIn: answer.expiresIn === undefined ? null : placeOf(answer.expiresIn),
    }),
  };
}

function usualFields({ username, password, clientId, clientSecret }: RequestConfig): Record<string, string> {
  return {
    ...(username === undefined ? {} : { username: '{username}' }),
    ...(password === undefined ? {} : { password: '{password}' }),
    ...(clientId === undefined ? {} : { client_id: '{client_id}' }),
    ...(clientSecret === undefined ? {} : { client_secret: '{client_secret}' }),
  };
}

/** The credential that a value stands for; null: it stands for itself. */
function credentialIn(value: unknown): string | null {
  const name = typeof value === 'string' ? /^\{(\w+)\}$/.exec(value)?.[1] : undefined;
  return name !== undefined && credentials.has(name) ? name : null;
}

function sourceOf(name: string, value: unknown): FieldSource[] {
  const from = credentialIn(value);
  return from === null ? [] : [{ field: name, from }];
}

function fieldOf(name: string, value: unknown): FieldRecipe {
  return {
    name,
    path: [name],
    types: null,
    required: false,
    allowed: null,
    fallback: credentialIn(value) === null ? value : undefined,
    encoding: 'none',
    members: null,
    file: 'config',
    pointer: `/token/fields/${name}`,
  };
}

const bodies: Readonly<Record<RequestDatatype | 'none', BodyRecipe>> = {
  JSON: { kind: 'json', nothing: 'no-body' },
  URLENCODE: { kind: 'urlencode' },
  URLQUERY: { kind: 'query', pairs: 'encoded' },
  FORM: { kind: 'form' },
  XML: { kind: 'xml', root: null },
  PLAIN: { kind: 'plain', template: null },
  none: { kind: 'none' },
};

const contentTypes: Readonly<Record<RequestDatatype, string>> = {
  JSON: 'application/json',
  URLENCODE: 'application/x-www-form-urlencoded',
  URLQUERY: 'application/json',
  FORM: 'multipart/form-data',
  XML: 'application/xml',
  PLAIN: 'text/plain',
};

const accepted: Readonly<Record<NonNullable<AnswerConfig['datatype']>, string>> = {
  JSON: 'application/json',
  URLENCODE: 'application/x-www-form-urlencoded',
  XML: 'application/xml',
  XML2JSON: 'application/xml',
  PLAIN: 'text/plain',
};

function headersOf(
  { headers = {} }: RequestConfig,
  datatype: RequestDatatype,
  answer: NonNullable<AnswerConfig['datatype']>,
): RecipeHeader[] {
  const given = Object.entries(headers).map(([name, value]) => ({
    name,
    value: compileFormat(value, (word) => credentials.has(word)).format,
  }));
  const usual = [
    header('Accept', text(accepted[answer])),
    header('Content-Type', text(contentTypes[datatype])),
  ];
  const isGiven = (name: string): boolean =>
    given.some((one) => one.name.toLowerCase() === name.toLowerCase());
  return [...usual.filter(({ name }) => !isGiven(name)), ...given];
}

/** `header:NAME`, `cookie:NAME`, or a dotted name in the body. */
function placeOf(where: string): AnswerPlace {
  const [, kind, name = ''] = /^(header|cookie):(.+)$/.exec(where) ?? [];
  if (kind === 'header') return { kind: 'header', name };
  if (kind === 'cookie') return { kind: 'cookie', name };
  return { kind: 'body', path: splitName(where) };
}
