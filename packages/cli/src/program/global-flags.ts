/** The flags that every command takes, before it or after it. @module */
import { dialects } from './dialect.ts';
import { choiceFlag, countFlag, type Flag, switchFlag, textFlag, toggleFlag } from './flag.ts';

/** Null and false: not given, which leaves it to the configuration. */
export interface GlobalOptions {
  readonly url: string | null;
  readonly user: string | null;
  readonly password: string | null;
  readonly 'password-stdin': boolean;
  readonly jwt: string | null;
  readonly domain: string | null;
  readonly tenant: string | null;
  readonly 'auth-domain': string | null;
  readonly dialect: string | null;
  readonly configfile: string | null;
  readonly 'ca-file': string | null;
  readonly nosslverify: boolean | null;
  /** Seconds. */
  readonly timeout: number | null;
  readonly respfmt: string | null;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly help: boolean;
}

export const globalFlags: { readonly [K in keyof GlobalOptions]: Flag<GlobalOptions[K]> } = {
  url: textFlag('the server, https://HOST[:PORT]', { placeholder: 'URL' }),
  user: textFlag('sign in as this user', { placeholder: 'NAME' }),
  password: textFlag('shows in process lists; better --password-stdin, or be asked', { placeholder: 'TEXT' }),
  'password-stdin': switchFlag('read the password from the first line of standard input'),
  jwt: textFlag('a ready API token', { placeholder: 'TOKEN' }),
  domain: textFlag('domain the token is for', { placeholder: 'NAME' }),
  tenant: textFlag('tenant of the domain (nebularstack)', { placeholder: 'ID' }),
  'auth-domain': textFlag('domain the account lives in', { placeholder: 'NAME' }),
  dialect: choiceFlag("the server's interface to speak; ciphertrust if none is kept", dialects),
  configfile: textFlag('read this configuration file first', { placeholder: 'FILE', completion: 'file' }),
  'ca-file': textFlag('trust the certificates in this PEM file', { placeholder: 'FILE', completion: 'file' }),
  nosslverify: toggleFlag("do not check the server's certificate"),
  timeout: countFlag('give up on a request after so many seconds', { placeholder: 'SECONDS' }),
  respfmt: choiceFlag('how answers are printed', ['json']),
  json: switchFlag('same as --respfmt json'),
  verbose: switchFlag('show requests and answers on standard error, secrets masked'),
  help: switchFlag('show what a command does, with examples', { short: 'h' }),
};
