/** Logs in to a host with a registered pair of tokens, or with a user name and password. @module */
import { json as readJson } from 'node:stream/consumers';
import { Secret } from '@tessera/token';
import { InputError } from '../input-error.ts';
import type { Connection } from '../tessera/connection.ts';
import { AnswerError, RefusedError } from '../tessera/errors.ts';
import type { Vaults } from '../vaults/create-vaults.ts';
import { type CloudConnection, connectionTo } from './cloud-connection.ts';
import { parseCloudHost } from './cloud-host.ts';
import { basicCredential, type Credential, pairCredential } from './credential.ts';
import { readCredentialSecret } from './credential-secret.ts';
import { type Environment, fetchBy, sendRenewing } from './environment.ts';
import { NotAuthenticatedError } from './errors.ts';
import { requireIdentifier } from './pair-record.ts';
import type { HostCall } from './send-call.ts';
import { findPair } from './stored-pair.ts';

export interface UserPassword {
  readonly userName: string;
  readonly password: Secret | string;
}

export interface ConnectOptions {
  readonly fqdn: string;
  /** With the pair that is registered for the host. */
  readonly useToken?: boolean;
  /** With this user and password, by HTTP Basic. */
  readonly credential?: UserPassword;
  /** With the user and password in this secret: `{"userName":"…","password":"…"}`. */
  readonly credentialSecret?: string;
  /** Which of the host's registrations; left out or null: the one without. */
  readonly identifier?: string | null;
  /** Left out or null: the first that has the secret. */
  readonly vault?: string | null;
  /** Asked to see whether the credential is taken; left out: `/account/v1/me`. Null: nothing is asked yet. */
  readonly checkPath?: string | null;
  readonly connection?: CloudConnection;
}

const ownAccount = '/account/v1/me';

/**
 * @throws {NotAuthenticatedError} the credential is refused
 * @throws {VaultError} `not_found`: no such secret, and what opening the vault throws
 * @throws {AnswerError} the host has no such account page: give another `checkPath`
 * @throws {RefusedError} the host refuses the check for another reason @throws {UnreachableError} no answer
 */
export async function connect(vaults: Vaults, options: ConnectOptions): Promise<Environment> {
  const { fqdn, url } = parseCloudHost(options.fqdn);
  const connection = connectionTo(url, options.connection ?? {});
  const login = await loginWith(vaults, connection, { ...options, fqdn });
  const send = (call: HostCall): ReturnType<Environment['send']> =>
    sendRenewing(connection, login.credential, call);
  const { checkPath = ownAccount } = options;
  return {
    fqdn,
    identifier: login.identifier,
    vault: login.vault,
    secret: login.secret,
    userName: checkPath === null ? null : await check(send, checkPath, fqdn),
    send,
    fetch: (path, init) => fetchBy(send, url, path, init),
    renew: login.renew,
  };
}

interface Login extends Pick<Environment, 'identifier' | 'vault' | 'secret' | 'renew'> {
  readonly credential: Credential;
}

async function loginWith(vaults: Vaults, connection: Connection, options: ConnectOptions): Promise<Login> {
  const { fqdn, useToken = false, credential, credentialSecret, vault = null } = options;
  const given = [useToken || undefined, credential, credentialSecret].filter((way) => way !== undefined);
  if (given.length !== 1)
    throw new InputError('connect either with useToken, or with a credential, or with a credentialSecret');
  if (useToken) {
    const identifier = options.identifier == null ? null : requireIdentifier(options.identifier);
    const { place, record } = await findPair(vaults, { fqdn, identifier }, vault);
    const pair = pairCredential({ vaults, place, connection }, record);
    return { identifier, vault: place.vault.name, secret: place.secret, credential: pair, renew: pair.renew };
  }
  const renew = async (): Promise<never> => {
    throw new InputError('signed in by a password, of which there is nothing to renew');
  };
  if (credential !== undefined) {
    const { userName, password } = credential;
    const basic = basicCredential(userName, password instanceof Secret ? password : new Secret(password));
    return { identifier: null, vault: null, secret: null, credential: basic, renew };
  }
  const found = await readCredentialSecret(vaults, credentialSecret ?? '', vault);
  const basic = basicCredential(found.userName, found.password);
  return { identifier: null, vault: found.vault, secret: credentialSecret ?? '', credential: basic, renew };
}

/** @returns the user's name, where the answer gives one */
async function check(send: Environment['send'], path: string, fqdn: string): Promise<string | null> {
  const answer = await send({ method: 'GET', path, headers: {}, body: null });
  const body = await readJson(answer).then(objectOf, () => null);
  const status = answer.statusCode ?? 0;
  if (status === 401) throw new NotAuthenticatedError(refusalText(fqdn, body));
  // Of a server that is not ours: the login may be good all the same.
  if (path === ownAccount && (status === 404 || (status < 400 && typeof body?.userName !== 'string')))
    throw new AnswerError(
      `${fqdn} does not say who is signed in at ${path}; check by another path of its API`,
    );
  if (status >= 400) throw new RefusedError(status, body, false);
  return typeof body?.userName === 'string' ? body.userName : null;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
}

/** The host's own sentence says most: that an account with single sign-on needs a token, for one. */
function refusalText(fqdn: string, body: Readonly<Record<string, unknown>> | null): string {
  const said =
    typeof body?.message === 'string'
      ? body.message.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300)
      : 'status 401';
  return `${fqdn} refuses: ${said}`;
}
