/**
 * What a configuration comes to: frozen data that says how a token is asked for, understood, placed and kept.
 *
 * Made by `compileAdapter` or from a typed configuration; from here on no code knows which.
 * @module
 */
import type { Secret } from '@tessera/token';
import type { Problem } from './errors.ts';
import type { Format } from './format.ts';
import type { SecretSource, SecretSources } from './secrets.ts';

export interface TokenPlan {
  /** The adapter's id: part of every cache key. */
  readonly id: string;
  /** Where calls go. */
  readonly target: Target;
  /** Origins beside the target's that may receive the token, as `https://host:port`. */
  readonly allowedOrigins: readonly string[];
  readonly step: TokenStep;
  readonly placements: readonly Placement[];
  /** The placements as they were written, for a caller who overrides one half of them. */
  readonly placing: Placing;
  /** Whether a body may be placed into a GET or HEAD. */
  readonly bodyOnGet: 'refused' | 'allowed';
  readonly lifetime: Lifetime;
  readonly refusal: Refusal;
  /** Statuses that mean "too many requests": waited for, then sent again with the same token. */
  readonly overload: Overload;
  readonly cache: 'memory' | 'external';
  readonly transport: Transport;
  readonly calls: CallDefaults;
  readonly healthcheck: Healthcheck | null;
  /** Null: requests are really sent. */
  readonly stub: Stub | null;
  readonly secrets: SecretSources;
  /** `grant_type`, `scope`, `resource`: what is sent with the credentials and is no secret. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Names of members to mask beside those that are always masked; lower case. */
  readonly sensitive: readonly string[];
  /** Whether token requests are told as events too. */
  readonly logging: 'quiet' | 'token-requests';
  /** Distinguishes what was compiled; holds no secret. Part of every cache key. */
  readonly fingerprint: string;
  readonly warnings: readonly Problem[];
}

export interface Target {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly basePath: string;
  readonly version: string;
}

export type TokenStep =
  /** Nothing is fetched: formats that name `{token}` find it empty. */
  | { readonly kind: 'none' }
  /** The token is the secret `token`. */
  | { readonly kind: 'static' }
  | {
      readonly kind: 'request';
      readonly request: RequestRecipe;
      readonly answer: AnswerRecipe;
      readonly renewal: Renewal | null;
    };

/** How a token is asked for anew with a refresh token. */
export interface Renewal {
  readonly request: RequestRecipe;
  readonly answer: AnswerRecipe;
  /** How long a refresh token lives from when it was asked for; null: until it is refused. */
  readonly refreshTokenLifetimeMs: number | null;
}

export interface RequestRecipe {
  readonly method: string;
  /** Null in each: the target's own. */
  readonly server: {
    readonly protocol: 'http' | 'https' | null;
    readonly host: string | null;
    readonly port: number | null;
  };
  readonly path: readonly PathPiece[];
  /** Added to the query as they are named. */
  readonly uriOptions: Readonly<Record<string, unknown>>;
  readonly headers: readonly { readonly name: string; readonly value: Format }[];
  /** The fields before translation, in their order. */
  readonly sources: readonly FieldSource[];
  /** `global_request.authData`: fields where no credential is of that name. */
  readonly authData: Readonly<Record<string, unknown>>;
  /** Fields that go into the query whatever the data type, under the names of the request schema; null: none. */
  readonly queryFields: {
    readonly sources: readonly FieldSource[];
    readonly values: Readonly<Record<string, unknown>>;
  } | null;
  readonly fields: FieldsRecipe;
  readonly body: BodyRecipe;
  /** From connecting to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** The member of the fields that a credential or parameter becomes. */
export interface FieldSource {
  readonly field: string;
  /** A `SecretName`, a name in `parameters`, or `refresh_token`. */
  readonly from: string;
}

export type PathPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'base-path' | 'version' | 'username' | 'password' | 'query' }
  /** From `authData.uriPathVars`, counted from 0. */
  | { readonly kind: 'path-variable'; readonly index: number };

export type BodyRecipe =
  | { readonly kind: 'none' | 'urlencode' | 'form' }
  | { readonly kind: 'json'; readonly nothing: 'no-body' | 'empty-object' }
  | { readonly kind: 'query'; readonly pairs: 'encoded' | 'raw' }
  /** Null: the only field's value. */
  | { readonly kind: 'plain'; readonly template: Format | null }
  | { readonly kind: 'xml'; readonly root: string | null };

export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null';

/** Where a value is in a document: names, and numbers for elements of arrays. */
export type ValuePath = readonly (string | number)[];

export interface FieldsRecipe {
  readonly translation: 'by-schema' | 'none';
  /** What becomes of fields that the schema does not declare. */
  readonly undeclared: 'sent' | 'dropped';
  readonly properties: readonly FieldRecipe[];
}

export interface FieldRecipe {
  readonly name: string;
  /** Null: not sent. */
  readonly path: ValuePath | null;
  /** Null: any. */
  readonly types: readonly JsonType[] | null;
  readonly required: boolean;
  /** Null: any. */
  readonly allowed: readonly unknown[] | null;
  /** Fills absence; undefined: nothing does. */
  readonly fallback: unknown;
  readonly encoding: 'none' | 'base64';
  /** Of an object's members; null: sent as they are. */
  readonly members: FieldsRecipe | null;
  readonly file: string;
  readonly pointer: string;
}

export type AnswerDatatype = 'json' | 'xml' | 'plain' | 'xml2json' | 'urlencode';

export interface AnswerRecipe {
  readonly datatype: AnswerDatatype;
  /** Where the answer proper begins. */
  readonly root: ValuePath;
  readonly token: AnswerPiece;
  readonly tokenp2: AnswerPiece | null;
  /** Whether an answer without `tokenp2` is an error. */
  readonly tokenp2Use: 'placed' | 'unused';
  readonly expires: AnswerPiece | null;
  readonly expiresIn: AnswerPiece | null;
  readonly refreshToken: AnswerPiece | null;
  readonly cookieStyle: 'pair' | 'original';
  /** Whether 3xx is read as an answer too. */
  readonly redirects: 'read' | 'refused';
  /** `token_type` the answer must have if it has one, in lower case; null: any. */
  readonly tokenType: string | null;
}

/** One property of a response schema. */
export interface AnswerPiece {
  readonly name: string;
  readonly place: AnswerPlace;
  /** Null: any. */
  readonly types: readonly JsonType[] | null;
  readonly fallback: unknown;
  readonly encoding: 'none' | 'base64';
  readonly parse: 'text' | 'json';
  /** Cuts of a PLAIN or XML answer; empty: none. */
  readonly front: string;
  readonly end: string;
  readonly file: string;
  readonly pointer: string;
}

export type AnswerPlace =
  | { readonly kind: 'body'; readonly path: ValuePath }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'cookie'; readonly name: string }
  | { readonly kind: 'all-cookies' | 'request-cookie' };

export type Placement =
  | { readonly kind: 'header'; readonly name: string; readonly format: Format }
  | { readonly kind: 'basic' | 'query' | 'path'; readonly format: Format }
  | { readonly kind: 'body'; readonly path: readonly string[]; readonly format: Format };

export interface Placing {
  readonly fields: string | readonly string[];
  readonly formats: string | readonly string[];
  /** Whether answers declare a `tokenp2` that formats may name. */
  readonly tokenp2: 'declared' | 'absent';
}

export type Lifetime =
  /** One token request per call. */
  | { readonly kind: 'per-call' }
  | { readonly kind: 'fixed'; readonly lifetimeMs: number; readonly marginMs: number | null }
  /** As the answer says. `marginMs` null: 60 s, at most a quarter of the lifetime. */
  | { readonly kind: 'answer'; readonly marginMs: number | null };

export interface Refusal {
  readonly statuses: readonly number[];
  /** How often a refused call is sent again; 0: never. */
  readonly repeats: number;
}

export interface Overload {
  readonly statuses: readonly (readonly [first: number, last: number])[];
  readonly repeats: number;
  /** Waited where the answer has no `Retry-After`. */
  readonly waitMs: number;
}

export interface Transport {
  /** From connecting to the last byte of the answer of a call. */
  readonly timeoutMs: number;
  readonly redirects: number;
  readonly tls: Tls;
  readonly proxy: HttpProxy | null;
  readonly maxTokenResponseBytes: number;
  /** Null: no limit. */
  readonly maxCallResponseBytes: number | null;
}

export interface Tls {
  readonly verification: 'verify' | 'skip';
  /** PEM texts; null: the system's, or none. */
  readonly caPem: string | null;
  readonly certificatePem: string | null;
  readonly keyPem: Secret | null;
  readonly passphrase: Secret | null;
  readonly ciphers: string | null;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
}

export interface HttpProxy {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly username: string | null;
  readonly password: SecretSource | null;
}

export interface CallDefaults {
  /** `addlHeaders`: where the call has none of that name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Joins every call's query. */
  readonly uriOptions: Readonly<Record<string, unknown>>;
  /** Joins JSON bodies of calls other than GET. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An ordinary call that tells whether the system is well. */
export interface Healthcheck {
  readonly method: string;
  readonly path: readonly PathPiece[];
  /** Joins the path's. */
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: no body. */
  readonly body: string | null;
  /** The action's own say on placing into the body of a GET. */
  readonly bodyOnGet: TokenPlan['bodyOnGet'];
  readonly timeoutMs: number;
}

export interface Stub {
  /** The mock answer to a token request; null: there is none. */
  readonly tokenAnswer: string | null;
}
