/** One request to the key-value engine, version 2, of HashiCorp Vault. @module */
import type { Secret } from '@tessera/token';
import type { Connection } from '../../tessera/connection.ts';
import { AnswerError, RefusedError, UnreachableError } from '../../tessera/errors.ts';
import { type Method, sendRequest } from '../../tessera/send-request.ts';
import { VaultError } from '../vault-error.ts';

export interface KvServer {
  /** As it is registered. */
  readonly vault: string;
  readonly connection: Connection;
  /** Looked up at every request, so that a renewed one counts. */
  readonly token: () => Secret;
  /** Of Vault Enterprise; null: the root namespace. */
  readonly namespace: string | null;
}

export interface KvAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * @param path after `/v1/`
 * @returns also with status 400 and 404, whose meaning depends on what was asked
 * @throws {VaultError} `denied` or `unavailable`
 */
export async function kvRequest(
  server: KvServer,
  method: Method | 'LIST',
  path: string,
  body?: object,
): Promise<KvAnswer> {
  const { namespace } = server;
  const headers = {
    'x-vault-token': server.token(),
    'x-vault-request': 'true',
    ...(namespace === null ? {} : { 'x-vault-namespace': namespace }),
  };
  try {
    // The same to Vault, and understood by every proxy on the way there.
    const verb = method === 'LIST' ? ({ method: 'GET', query: { list: 'true' } } as const) : { method };
    const request = { ...verb, path: `/v1/${path}`, headers, ...(body === undefined ? {} : { body }) };
    const answer = await sendRequest(server.connection, request);
    return { status: answer.status, body: answer.body ?? {} };
  } catch (error) {
    if (error instanceof RefusedError && (error.status === 400 || error.status === 404))
      return { status: error.status, body: error.body ?? {} };
    throw asVaultError(error, server);
  }
}

function asVaultError(error: unknown, { vault, connection }: KvServer): unknown {
  const at = `the vault "${vault}" (HashiCorp Vault at ${connection.url.origin})`;
  if (error instanceof RefusedError && error.status === 403)
    return new VaultError(
      'denied',
      `${at} refuses the token, or the token may not do this; log in with vault login`,
    );
  if (error instanceof RefusedError && error.status === 503)
    return new VaultError(
      'unavailable',
      `${at} is sealed or in maintenance; unseal it with vault operator unseal`,
    );
  if (error instanceof RefusedError)
    return new VaultError(
      'unavailable',
      `${at} answered with status ${error.status}; try again, or ask who runs it`,
    );
  if (error instanceof UnreachableError || error instanceof AnswerError)
    return new VaultError('unavailable', `${at} cannot be used: ${error.message}`);
  return error;
}

/** What the engine says in `errors`, as one text. */
export function reasonsIn({ body }: KvAnswer): string {
  return Array.isArray(body.errors) ? body.errors.filter((text) => typeof text === 'string').join('; ') : '';
}
