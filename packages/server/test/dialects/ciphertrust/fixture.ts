/** A whole server on an embedded database of its own, called without sockets. @module */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { createServer, type TesseraServer } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

export const adminPassword = 'Aa1!-first-start';

export interface Fixture {
  readonly server: TesseraServer;
  readonly jwt: string;
  /** What the server's log holds so far. */
  readonly logged: readonly string[];
  call(
    method: InjectOptions['method'],
    url: string,
    options?: InjectOptions,
  ): Promise<LightMyRequestResponse>;
  /** As {@link Fixture.call}, under `/api/v1` and with the administrator's JWT. */
  api(method: InjectOptions['method'], path: string, body?: object): Promise<LightMyRequestResponse>;
  /** `POST /api/v1/auth/tokens`. */
  tokens(body: object): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export async function startFixture(env: Readonly<Record<string, string>> = {}): Promise<Fixture> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-dialect-'));
  const config = await loadConfig({
    env: { TESSERA_PORT: '0', TESSERA_DATA_DIR: dataDir, TESSERA_ADMIN_PASSWORD: adminPassword, ...env },
    workingDirectory: dataDir,
    configFile: null,
  });
  const logged: string[] = [];
  const log = (level: string, message: string, detail: object): void =>
    void logged.push(`${level} ${message} ${JSON.stringify(detail)}`);
  const server = await createServer({ config, log, showPassword: () => {} });
  const call: Fixture['call'] = (method = 'GET', url, options = {}) =>
    server.app.inject({ method, url, ...options });
  const tokens: Fixture['tokens'] = (payload) => call('POST', '/api/v1/auth/tokens', { payload });
  const { jwt } = (await tokens({ username: 'admin', password: adminPassword })).json();
  return {
    server,
    jwt,
    logged,
    call,
    tokens,
    api: (method, path, payload) =>
      call(method, `/api/v1${path}`, {
        headers: { authorization: `Bearer ${jwt}` },
        ...(payload === undefined ? {} : { payload }),
      }),
    async close() {
      await server.stop(0);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
