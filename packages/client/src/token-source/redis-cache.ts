/** Keeps tokens in whatever speaks the Redis protocol, by the client that the caller has already. @module */
import type { TokenCache } from './external-cache.ts';

/**
 * Sends one command: `(...words) => client.sendCommand(words)` of `redis`, `(...words) => client.call(...words)` of
 * `ioredis`.
 */
export type RedisCommand = (...words: [string, ...string[]]) => Promise<unknown>;

export function redisCache(command: RedisCommand): TokenCache {
  return {
    async get(key) {
      const text = await command('GET', key);
      if (text === null || text === undefined) return null;
      return Buffer.isBuffer(text) ? text.toString('utf8') : String(text);
    },
    set: (key, text, ttlMs) => command('SET', key, text, 'PX', String(ttlMs)),
    delete: (key) => command('DEL', key),
  };
}
