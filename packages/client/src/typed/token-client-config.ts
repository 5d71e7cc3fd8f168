/** A client's configuration in TypeScript, where there is no adapter. @module */
import type { Secret } from '@tessera/token';
import type { ClientOptions } from '../calls/client-options.ts';
import type { RefreshTokenStore, TokenPairStore } from './token-store.ts';

/** Text may also be `{vault}NAME#FIELD`, read anew for every token. */
export type SecretText = string | Secret;

export interface TokenClientConfig extends ClientOptions {
  /** Distinguishes clients that share a cache; the host of `baseUrl`, if not given. */
  readonly id?: string;
  /** Where calls go; its path is `{base_path}`. */
  readonly baseUrl: string | URL;
  readonly token: TokenConfig;
  /** `Authorization: Bearer {token}`, if not given. */
  readonly place?: Place | readonly Place[];
  /** As the answer says, if not given; `per-call`: one token request per call; a number: milliseconds. */
  readonly lifetime?: 'answer' | 'per-call' | number;
  /** How long before its end a token is no longer used; 60 s, at most a quarter of its life, if not given. */
  readonly marginMs?: number;
  /** How often a refused call is sent again; 1, if not given. */
  readonly repeats?: number;
  /** Statuses that mean "token not valid"; 401, if not given. */
  readonly refusedStatus?: number | readonly number[];
  /** For each HTTP attempt, from connecting to the last byte; 5000, if not given. */
  readonly timeoutMs?: number;
  /** Followed within the same origin; 0, if not given. */
  readonly redirects?: number;
  readonly tls?: TlsConfig;
  readonly proxy?: ProxyConfig;
  /** Origins beside that of `baseUrl` that may have the token. */
  readonly allowedOrigins?: readonly string[];
  /** Sent with every call that has none of that name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxTokenResponseBytes?: number;
  readonly maxCallResponseBytes?: number;
  /** More words in names of members whose values are never shown. */
  readonly sensitive?: readonly string[];
}

/** As `auth_field` and `auth_field_format` of an adapter: `header.headers.X-Auth`, `{token}`. */
export interface Place {
  readonly field: string;
  readonly format?: string;
}

/** PEM texts. */
export interface TlsConfig {
  /** Trusted instead of the system's certificates. */
  readonly caPem?: string;
  readonly certificatePem?: string;
  readonly keyPem?: SecretText;
  readonly passphrase?: SecretText;
  /** `skip` takes any certificate, of this service only. */
  readonly verification?: 'verify' | 'skip';
}

export interface ProxyConfig {
  /** `http://HOST:PORT` or `https://HOST:PORT`, without credentials. */
  readonly url: string;
  readonly username?: string;
  readonly password?: SecretText;
}

export type TokenConfig = LoginConfig | RefreshTokenConfig | TesseraConfig | StaticConfig;

/** What brings a token by credentials that stay the same. */
export type LoginConfig = ClientCredentialsConfig | PasswordConfig | RequestConfig;

/** How an OAuth client proves itself: RFC 6749 §2.3.1. */
export interface OAuthClient {
  readonly clientId?: string;
  readonly clientSecret?: SecretText;
  /** `basic`, if not given: in the header; `body`: among the fields. */
  readonly clientAuth?: 'basic' | 'body';
}

/** RFC 6749 §4.4 */
export interface ClientCredentialsConfig extends OAuthClient {
  readonly kind: 'client-credentials';
  /** The token endpoint. */
  readonly url: string | URL;
  readonly clientId: string;
  readonly clientSecret: SecretText;
  readonly scope?: string;
  /** RFC 8707 */
  readonly resource?: string;
}

/** RFC 6749 §4.3 */
export interface PasswordConfig extends OAuthClient {
  readonly kind: 'password';
  readonly url: string | URL;
  readonly username: string;
  readonly password: SecretText;
  readonly scope?: string;
  readonly resource?: string;
}

/** RFC 6749 §6, with a token that its holder keeps. */
export interface RefreshTokenConfig extends OAuthClient {
  readonly kind: 'refresh-token';
  readonly url: string | URL;
  readonly refreshToken: RefreshTokenStore;
  readonly scope?: string;
  readonly resource?: string;
  /** Asked when the refresh token is refused or there is none. */
  readonly login?: LoginConfig;
}

/** A Tessera server's own refresh tokens; `url` is the server's. */
export type TesseraConfig = {
  readonly kind: 'tessera';
  readonly url: string | URL;
  readonly login?: LoginConfig;
} & (
  | {
      readonly dialect: 'ciphertrust';
      readonly refreshToken: RefreshTokenStore;
      /** `renew`, if not given: each renewal spends the refresh token and brings its successor; `keep`: it stays. */
      readonly rotation?: 'renew' | 'keep';
    }
  | { readonly dialect: 'nebularstack' | 'nectar'; readonly refreshToken: TokenPairStore }
);

export interface StaticConfig {
  readonly kind: 'static';
  readonly token: SecretText;
}

/** Any request that answers with a token. */
export interface RequestConfig {
  readonly kind: 'request';
  /** `POST`, if not given. */
  readonly method?: string;
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly username?: string;
  readonly password?: SecretText;
  readonly clientId?: string;
  readonly clientSecret?: SecretText;
  /** By the names the server expects. `{username}`, `{password}`, `{client_id}`, `{client_secret}` stand for credentials. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly requestDatatype?: RequestDatatype;
  readonly answer?: AnswerConfig;
}

export type RequestDatatype = 'JSON' | 'URLENCODE' | 'URLQUERY' | 'FORM' | 'XML' | 'PLAIN';

/** Where things are in the answer: dotted names in the body, `header:NAME`, or `cookie:NAME`. */
export interface AnswerConfig {
  /** `JSON`, if not given. */
  readonly datatype?: 'JSON' | 'XML' | 'PLAIN' | 'XML2JSON' | 'URLENCODE';
  /** `access_token`, if not given. */
  readonly token?: string;
  readonly tokenp2?: string;
  readonly expires?: string;
  readonly expiresIn?: string;
}
