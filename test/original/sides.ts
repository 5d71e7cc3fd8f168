/** One scenario through the original library and through Tessera: the same adapter, the same local server. @module */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext } from 'node:test';
import { writeOriginalHome } from '../../bench/src/original/original-home.ts';
import type { OriginalResult } from '../../bench/src/original/original-library.ts';
import type { OriginalCall } from '../../bench/src/original/original-main.ts';
import { type OriginalProcess, startOriginal } from '../../bench/src/original/original-process.ts';
import { loadAdapter, TokenClientError } from '../../packages/client/src/index.ts';
import { type Changes, filesOf, propertiesOf } from '../../packages/client/test/adapter/full-adapter.ts';
import { type Recorded, type RecordedAnswer, recordingServer } from './recording-server.ts';

export interface Scenario {
  readonly changes?: Changes;
  readonly calls?: readonly OriginalCall[];
  readonly order?: 'one-by-one' | 'at-once';
  /** What the server answers; the usual: a token, then `{"ok":true}`. */
  readonly answer?: (request: Recorded, earlier: number) => RecordedAnswer | null;
}

export interface Side {
  readonly requests: readonly Recorded[];
  /** For each call: a code such as AD.200, an error's kind, or null where nothing came back. */
  readonly outcomes: readonly (string | null)[];
}

export const signIn = '/api/v1/authentication/signin';
export const call: OriginalCall = { method: 'GET', path: '/api/v1/widgets/42', query: { a: '1' } };
export const post: OriginalCall = { method: 'POST', path: '/api/v1/widgets', body: { name: 'x' } };
/** The original finds no token where its schema names no place for it. */
export const inBody = { token: { type: 'string', placement: 'BODY', external_name: 'access_token' } };

/** Both sides of a scenario; the original runs in a process of its own until the file's tests are over. */
export function openSides(): (t: TestContext, scenario: Scenario, patienceMs?: number) => Promise<Sides> {
  let original: OriginalProcess;
  before(() => {
    original = startOriginal();
  });
  after(() => original.end());
  return (t, scenario, patienceMs = 20_000) => sides(original, t, scenario, patienceMs);
}

export interface Sides {
  readonly theirs: Side;
  readonly ours: Side;
}

async function sides(
  original: OriginalProcess,
  t: TestContext,
  scenario: Scenario,
  patienceMs: number,
): Promise<Sides> {
  const server = await recordingServer(
    t,
    (request, earlier) => scenario.answer?.(request, earlier) ?? usualAnswer(request),
  );
  const home = mkdtempSync(join(tmpdir(), 'tessera-original-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const changes = { responseProperties: inBody, ...scenario.changes };
  writeOriginalHome(home, filesOf(changes));
  const properties = propertiesOf({
    ...changes,
    service: { host: '127.0.0.1', port: server.port, protocol: 'http', ...changes.service },
  });
  const { calls = [call], order = 'one-by-one' } = scenario;
  const results = await original.run({ home, properties: asOriginal(properties), calls, order, patienceMs });
  const theirs = { requests: server.take(), outcomes: results.map((result) => codeOf(result)) };
  const outcomes = await ourOutcomes(home, properties, changes, calls, order);
  return { theirs, ours: { requests: server.take(), outcomes } };
}

function usualAnswer(request: Recorded): RecordedAnswer {
  return request.url.startsWith(signIn) ? { body: '{"access_token":"tok-1"}' } : {};
}

/** What the platform fills in before the library sees it. */
function asOriginal(properties: Readonly<Record<string, unknown>>): object {
  return {
    stub: false,
    healthcheck: { type: 'none', frequency: 60000 },
    cache: { enabled: false, entities: [] },
    ...properties,
    request: {
      attempt_timeout: 5000,
      number_retries: 1,
      return_raw: false,
      ...(properties.request as object),
    },
  };
}

function codeOf(result: OriginalResult | null): string | null {
  return result === null ? null : result.icode;
}

async function ourOutcomes(
  home: string,
  properties: object,
  { options }: Changes,
  calls: readonly OriginalCall[],
  order: 'one-by-one' | 'at-once',
): Promise<string[]> {
  let client: Awaited<ReturnType<typeof loadAdapter>>;
  try {
    client = await loadAdapter(home, properties, options);
  } catch (error) {
    return [outcomeOf(error)];
  }
  const make = ({ query, ...rest }: OriginalCall): Promise<string> =>
    client.request({ ...rest, query: query ?? {} }).then(({ icode }) => icode, outcomeOf);
  const outcomes: string[] = [];
  if (order === 'at-once') outcomes.push(...(await Promise.all(calls.map(make))));
  else for (const one of calls) outcomes.push(await make(one));
  await client.close();
  return outcomes;
}

function outcomeOf(error: unknown): string {
  assert.ok(error instanceof TokenClientError, String(error));
  return error.kind;
}

export function loginAnswer(request: Recorded): RecordedAnswer | null {
  return request.url.endsWith('/login') ? { body: '{"access_token":"tok-1"}' } : null;
}
