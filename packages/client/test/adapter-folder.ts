/** Adapter folders on disk, as they are in the field, for tests. @module */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { TokenClient, TokenClientEvent } from '../src/index.ts';
import { loadAdapter } from '../src/index.ts';
import { authentication, getToken, mockFile } from './adapter/founding-adapter.ts';

type Json = Readonly<Record<string, unknown>>;

export interface AdapterParts {
  readonly authentication?: Json;
  /** Of the service configuration, beside `authentication`. */
  readonly properties?: Json;
  readonly action?: Json;
  /** Beside `getToken`. */
  readonly actions?: readonly Json[];
  readonly request?: Json;
  readonly answer?: Json;
  /** More files of the `.system` folder. */
  readonly files?: Readonly<Record<string, string>>;
}

export const tokenPath = '/api/v1/authentication/signin';

const requestProperties: Json = {
  ph_request_type: { type: 'string', default: 'getToken', enum: ['getToken', 'healthcheck'] },
  username: { type: 'string', external_name: 'user' },
  password: { type: 'string', external_name: 'passwd' },
};

const answerProperties: Json = {
  ph_request_type: { type: 'string', default: 'getToken', enum: ['getToken'] },
  token: { type: 'string', external_name: 'access_token' },
};

/** Writes the folder of the founding description, changed as the parts say; it goes with the test. */
export function writeAdapter(t: TestContext, parts: AdapterParts = {}): string {
  const home = mkdtempSync(join(tmpdir(), 'tessera-adapter-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, 'entities', '.system');
  mkdirSync(join(folder, 'mockdatafiles'), { recursive: true });
  const schema = (properties: Json): string =>
    JSON.stringify({ type: 'object', translate: true, dynamicfields: true, properties });
  const files = {
    'action.json': JSON.stringify({ actions: [{ ...getToken, ...parts.action }, ...(parts.actions ?? [])] }),
    'schemaTokenReq.json': schema({ ...requestProperties, ...parts.request }),
    'schemaTokenResp.json': schema({ ...answerProperties, ...parts.answer }),
    [mockFile]: '{"access_token":"mock-token"}',
    ...parts.files,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return home;
}

export function propertiesFor(
  port: number,
  { authentication: changes, properties }: AdapterParts = {},
): Json {
  return {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    version: 'v1',
    ...properties,
    // Where a test wants no time-out, a busy machine shall bring none.
    request: { attempt_timeout: 20_000, ...(properties?.request as Json | undefined) },
    authentication: { ...authentication, ...changes },
  };
}

export type Options = NonNullable<Parameters<typeof loadAdapter>[2]>;

export interface OpenedAdapter {
  readonly client: TokenClient;
  readonly events: TokenClientEvent[];
}

/** A client of the adapter, closed with the test. */
export async function openAdapter(
  t: TestContext,
  port: number,
  parts: AdapterParts = {},
  options: Options = {},
): Promise<OpenedAdapter> {
  const events: TokenClientEvent[] = [];
  const onEvent = (event: TokenClientEvent): void => {
    events.push(event);
  };
  const client = await loadAdapter(writeAdapter(t, parts), propertiesFor(port, parts), {
    onEvent,
    ...options,
  });
  t.after(() => client.close());
  return { client, events };
}
