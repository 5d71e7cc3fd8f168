/** Tokens for the tests of administration: of the first administrator, and of whoever is asked for. @module */
import type { User } from '../../../src/domain/user.ts';
import { type Answer, ok, password, type World } from './fixture.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Calls with a token, and with more headers if given. */
export type As = (
  method: Method,
  url: string,
  body?: object | null,
  headers?: Record<string, string>,
) => Promise<Answer>;

export function withToken(world: World, token: string): As {
  return (method, url, body = null, headers = {}) =>
    world.call(method, url, body, { 'x-auth-token': token, ...headers });
}

/** Signs in; `{}` asks for no scope. */
export async function signIn(
  world: World,
  user: Pick<User, 'username'>,
  home: string,
  scope: { readonly domain?: string; readonly tenant_id?: string } = {},
): Promise<As> {
  const { username } = user;
  const answer = await world.call('POST', '/v1/token', { username, password, user_domain: home, ...scope });
  return withToken(world, ok(answer).body.token);
}

/** The first administrator, without scope: holds `Root` everywhere. */
export async function signInRoot(world: World, scope: object = {}): Promise<As> {
  const credentials = { username: 'admin', password: 'Aa1!-first-start', user_domain: 'root' };
  const answer = await world.call('POST', '/v1/token', { ...credentials, ...scope });
  return withToken(world, ok(answer).body.token);
}

export function names(answer: Answer, property = 'name'): string[] {
  return ok(answer).body.payload.map((row: Record<string, string>) => row[property]);
}
