/** Tokens kept outside this process, sealed: who reads the cache learns nothing, who writes into it is noticed. @module */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Secret } from '@tessera/token';
import type { TokenClientEvent } from '../plan/events.ts';

/** What is handed in: Redis, or anything else that keeps texts for a time. */
export interface TokenCache {
  /** @returns null or undefined: nothing of that key */
  get(key: string): Promise<string | null | undefined>;
  set(key: string, text: string, ttlMs: number): Promise<unknown>;
  delete(key: string): Promise<unknown>;
}

type CacheOperation = Extract<TokenClientEvent, { kind: 'cache_failed' }>['operation'];

/** A cache that does not answer shall not hold a call for longer. */
const patienceMs = 2_000;

export interface SealedCache {
  /** Makes the keys, so that they cannot be guessed without the cache's secret. */
  readonly hmacKey: Uint8Array;
  /** @returns null: nothing there, nothing that this secret sealed, or the cache failed */
  read(key: string): Promise<unknown>;
  write(key: string, value: object, ttlMs: number): Promise<void>;
  drop(key: string): Promise<void>;
}

/** @param failed told of each failure; the cache then counts as empty */
export function sealedCache(
  cache: TokenCache,
  secret: Secret,
  failed: (operation: CacheOperation, message: string) => void,
): SealedCache {
  const sealingKey = derived(secret, 'seal');
  const attempt = async <Result>(
    operation: CacheOperation,
    work: () => Promise<Result>,
  ): Promise<Result | null> => {
    try {
      return await inTime(work());
    } catch (error) {
      failed(operation, error instanceof CacheFault ? error.message : `the cache failed (${nameOf(error)})`);
      return null;
    }
  };
  return {
    hmacKey: derived(secret, 'keys'),
    read: (key) =>
      attempt('get', async () => {
        const text = await cache.get(prefix + key);
        return text == null || text === '' ? null : opened(text, key, sealingKey);
      }),
    async write(key, value, ttlMs) {
      await attempt('set', async () => cache.set(prefix + key, sealed(value, key, sealingKey), ttlMs));
    },
    async drop(key) {
      await attempt('delete', async () => cache.delete(prefix + key));
    },
  };
}

const prefix = 'tessera-token:';
const nonceBytes = 12;
const tagBytes = 16;

class CacheFault extends Error {}

function derived(secret: Secret, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret.reveal(), 'tessera token cache', purpose, 32));
}

/** Bound to its key: an entry that was moved to another one does not open. */
function sealed(value: object, key: string, sealingKey: Buffer): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce).setAAD(Buffer.from(key));
  const text = Buffer.concat([cipher.update(JSON.stringify(value, reveal), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
}

/** `value` is what `Secret`'s own `toJSON` made of it: masked. */
function reveal(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const original = this[name];
  return original instanceof Secret ? original.reveal() : value;
}

function opened(text: string, key: string, sealingKey: Buffer): unknown {
  const bytes = Buffer.from(text, 'base64url');
  const nonce = bytes.subarray(0, nonceBytes);
  const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes);
  try {
    const decipher = createDecipheriv('aes-256-gcm', sealingKey, nonce, { authTagLength: tagBytes })
      .setAAD(Buffer.from(key))
      .setAuthTag(tag);
    const plain = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
    return JSON.parse(plain.toString('utf8')) as unknown;
  } catch {
    throw new CacheFault('an entry was not sealed with this secret, or was changed');
  }
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new CacheFault(`the cache did not answer within ${patienceMs} ms`)),
    patienceMs,
  );
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Messages of a cache's client may hold addresses with passwords. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
