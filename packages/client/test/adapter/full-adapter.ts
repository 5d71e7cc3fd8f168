/** The adapter of the founding description, with what a test wants otherwise. @module */
import {
  type AdapterFiles,
  type AdapterOptions,
  buildTokenRequest,
  type ClientOptions,
  compileAdapter,
  type Header,
  readTokenResponse,
  type Secrets,
  type Token,
  type TokenPlan,
  type WireRequest,
  type WireResponse,
} from '../../src/index.ts';
import { authentication, getToken, mockFile } from './founding-adapter.ts';

type Members = Readonly<Record<string, unknown>>;

export interface Changes {
  /** Members of the service configuration. */
  readonly service?: Members;
  readonly authentication?: Members;
  /** Members of the action getToken. */
  readonly action?: Members;
  /** Members of the request schema, and its properties beside `ph_request_type`; they replace the usual ones. */
  readonly requestSchema?: Members;
  readonly requestProperties?: Members;
  readonly responseSchema?: Members;
  readonly responseProperties?: Members;
  readonly files?: AdapterFiles;
  readonly options?: AdapterOptions & ClientOptions;
}

const internal = {
  type: 'string',
  default: 'getToken',
  enum: ['getToken', 'healthcheck'],
  external_name: 'ph_request_type',
};

export function propertiesOf({ service, authentication: changes }: Changes = {}): Members {
  return {
    host: 'nms.example.com',
    port: 443,
    protocol: 'https',
    version: 'v1',
    authentication: { ...authentication, ...changes },
    ...service,
  };
}

export function filesOf(changes: Changes = {}): AdapterFiles {
  const action = { ...getToken, ...changes.action };
  const requestSchema = {
    $id: 'reqTokenSchema.json',
    type: 'object',
    schema: 'http://json-schema.org/draft-07/schema#',
    translate: true,
    dynamicfields: true,
    properties: {
      ph_request_type: internal,
      ...(changes.requestProperties ?? {
        username: { type: 'string', external_name: 'user' },
        password: { type: 'string', external_name: 'passwd' },
      }),
    },
    definitions: {},
    ...changes.requestSchema,
  };
  const responseSchema = {
    $id: 'respTokenSchema.json',
    type: 'object',
    translate: true,
    properties: {
      ph_request_type: internal,
      ...(changes.responseProperties ?? { token: { type: 'string', external_name: 'access_token' } }),
    },
    ...changes.responseSchema,
  };
  return {
    'action.json': JSON.stringify({ actions: [action] }),
    'schemaTokenReq.json': JSON.stringify(requestSchema),
    'schemaTokenResp.json': JSON.stringify(responseSchema),
    [mockFile]: '{"access_token":"mock-token"}',
    ...changes.files,
  };
}

export function planOf(changes: Changes = {}): TokenPlan {
  return compileAdapter(filesOf(changes), propertiesOf(changes), changes.options);
}

export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** A request with its headers by name in lower case and its body as text. */
export function readable(request: WireRequest): Sent {
  return {
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value])),
    body: request.body === null ? null : new TextDecoder().decode(request.body),
  };
}

export function tokenRequest(
  changes: Changes = {},
  call: Parameters<typeof buildTokenRequest>[2] = {},
  secrets: Secrets | null = null,
): Sent {
  return readable(buildTokenRequest(planOf(changes), secrets, call));
}

export function answer(body: string, headers: readonly Header[] = [], status = 200): WireResponse {
  return { status, headers, body: new TextEncoder().encode(body) };
}

/** What is read from an answer that was asked for at 0 ms and came at 0 ms. */
export function read(changes: Changes, response: WireResponse): Token {
  return readTokenResponse(planOf(changes), response, 0, 0);
}

/** The error of a piece of work that must fail. */
export function failureOf<Failure extends Error>(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    return error as Failure;
  }
  throw new Error('it succeeded');
}
