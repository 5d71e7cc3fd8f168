/**
 * Azure Key Vault's secrets, as far as Microsoft's own client can tell: the challenge, bearer tokens, tags, paging, and
 * deletion that keeps a name until it is recovered.
 *
 * @see https://learn.microsoft.com/rest/api/keyvault/secrets
 * @module
 */
import type { IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { listen } from '../https-server.ts';

export interface AzureServer {
  readonly url: URL;
  /** By the name in the address. */
  readonly secrets: Map<string, StoredSecret>;
  readonly deleted: Map<string, StoredSecret>;
}

interface StoredSecret {
  readonly value: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** So small that a few secrets take several pages. */
const pageSize = 2;

export async function startAzure(
  t: Pick<TestContext, 'after'>,
  certificatePem: string,
  token: string,
): Promise<AzureServer> {
  const [secrets, deleted] = [new Map<string, StoredSecret>(), new Map<string, StoredSecret>()];
  const url = await listen(t as TestContext, certificatePem, async (request, response) => {
    const text = (await Array.fromAsync(request)).join('');
    const { origin, pathname, searchParams } = new URL(request.url ?? '/', `https://${request.headers.host}`);
    const reply = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(body));
    };
    if (!isAuthorized(request, token)) {
      response.setHeader(
        'www-authenticate',
        'Bearer authorization="https://login.windows.net/72f988bf", resource="https://vault.azure.net"',
      );
      return reply(401, refusalBody('Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.'));
    }
    if (!searchParams.has('api-version')) return reply(400, refusalBody('BadParameter', 'api-version'));
    const bundle = (name: string, { value, tags }: StoredSecret): object => ({
      id: `${origin}/secrets/${name}/0123456789abcdef0123456789abcdef`,
      value,
      tags,
      contentType: 'text/plain',
      attributes: { enabled: true, created: 1, updated: 1, recoveryLevel: 'Recoverable' },
    });
    const [, room = '', name = '', action = ''] = pathname.split('/');
    const missing = (): void =>
      reply(404, refusalBody('SecretNotFound', `A secret with name ${name} was not found.`));
    if (room === 'secrets' && name === '') {
      const skip = Number(searchParams.get('$skiptoken') ?? 0);
      const page = [...secrets].slice(skip, skip + pageSize).map(([key, stored]) => ({
        ...bundle(key, stored),
        id: `${origin}/secrets/${key}`,
        value: undefined,
      }));
      const isLast = skip + pageSize >= secrets.size;
      const nextLink = `${origin}/secrets?api-version=7.4&$skiptoken=${skip + pageSize}`;
      return reply(200, { value: page, nextLink: isLast ? null : nextLink });
    }
    if (!/^[0-9a-zA-Z-]{1,127}$/.test(name)) return reply(400, refusalBody('BadParameter', 'secret-name'));
    const [stored, gone] = [secrets.get(name), deleted.get(name)];
    if (room === 'secrets' && request.method === 'PUT') {
      if (gone !== undefined)
        return reply(
          409,
          refusalBody('Conflict', `Secret ${name} is currently in a deleted but recoverable state`),
        );
      const { value, tags = {} } = JSON.parse(text) as StoredSecret;
      secrets.set(name, { value, tags });
      return reply(200, bundle(name, { value, tags }));
    }
    if (room === 'deletedsecrets' && action === 'recover' && gone !== undefined) {
      deleted.delete(name);
      secrets.set(name, gone);
      return reply(200, bundle(name, gone));
    }
    if (room === 'deletedsecrets') return gone === undefined ? missing() : reply(200, bundle(name, gone));
    if (stored === undefined) return missing();
    if (request.method !== 'DELETE') return reply(200, bundle(name, stored));
    secrets.delete(name);
    deleted.set(name, stored);
    const recoveryId = `${origin}/deletedsecrets/${name}`;
    return reply(200, { ...bundle(name, stored), recoveryId, deletedDate: 1, scheduledPurgeDate: 2 });
  });
  return { url, secrets, deleted };
}

function isAuthorized({ headers }: IncomingMessage, token: string): boolean {
  return headers.authorization === `Bearer ${token}`;
}

const refusalBody = (code: string, message: string): object => ({ error: { code, message } });
