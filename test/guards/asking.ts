/** A server as its administrator and the guards of an application call it. @module */
import assert from 'node:assert/strict';
import { type Dialect, decodeJwt, dialectOf } from '../ciphertrust/dialect.ts';
import { type Answer, apiOf } from '../harness/http.ts';
import { secret } from '../harness/run-folder.ts';
import type { Server } from '../harness/server.ts';

export interface Registered {
  readonly id: string;
  readonly name: string;
  readonly credential: string;
  readonly signingKey: string;
}

let count = 0;

/** Registers an application; must succeed. */
export async function registerApplication(server: Server, fields: object = {}): Promise<Registered> {
  count += 1;
  const name = `application ${process.pid} ${count}`;
  const options = { jwt: await dialectOf(() => server).jwt() };
  const made = await apiOf(server.url).post('/account/v1/applications', { name, ...fields }, options);
  assert.equal(made.status, 201, made.text);
  secret(made.body.credential);
  if (made.body.signingKey !== undefined) secret(made.body.signingKey);
  return made.body;
}

export interface Revocation {
  readonly kind: string;
  readonly session?: string;
  readonly user?: string;
  readonly from?: number | null;
  readonly until: number;
}

export interface Asking {
  /** The answer as it is. */
  ask(query: Readonly<Record<string, string | number>>, headers?: Record<string, string>): Promise<Answer>;
  /** Everything from the cursor on that was committed before the call, and where that leads; must succeed. */
  all(cursor?: string): Promise<{ cursor: string; revocations: readonly Revocation[] }>;
}

/** @param dialect of a server on the same database */
export function askingAs(url: () => string, credential: string, dialect: Dialect): Asking {
  const ask: Asking['ask'] = (query, headers = {}) => {
    const texts = Object.entries(query).map(([name, value]) => [name, String(value)]);
    const path = `/guard/v1/revocations?${new URLSearchParams(texts)}`;
    return apiOf(url()).get(path, { jwt: credential, headers });
  };
  return {
    ask,
    async all(cursor) {
      // Told in the order of commits: when the last one is told, all are.
      const last = await dialect.grant();
      await revoke(dialect, last);
      const sid = decodeJwt(last.jwt).claims.sid;
      const revocations: Revocation[] = [];
      let at = cursor;
      for (;;) {
        const { status, body, text } = await ask({ ...(at === undefined ? {} : { cursor: at }), wait: 1 });
        assert.equal(status, 200, text);
        revocations.push(...body.revocations);
        at = String(body.cursor);
        const isLast = ({ session }: Revocation): boolean => session === sid;
        if (revocations.some(isLast))
          return { cursor: at, revocations: revocations.filter((one) => !isLast(one)) };
      }
    },
  };
}

/** Revokes a session by its refresh token; must succeed. */
export async function revoke(
  dialect: Dialect,
  { refreshToken, clientId }: { refreshToken: string; clientId: string },
): Promise<void> {
  const proof = { token: refreshToken, client_id: clientId };
  assert.equal((await dialect.api.post('/api/v1/auth/revoke', proof)).status, 204);
}
