/** Guarantees for configurations that nobody meant: a plan or a list of problems, a request or a typed error, no crash. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  buildTokenRequest,
  ConfigurationError,
  compileAdapter,
  describeTokenRequest,
  placeToken,
  readTokenResponse,
  requestText,
  Secret,
  TokenClientError,
  type TokenPlan,
} from '../../src/index.ts';
import { answer, filesOf, propertiesOf } from './full-adapter.ts';

type Json = unknown;

const properties = propertiesOf({
  authentication: {
    client_id: 'id',
    client_secret: 'cs',
    sso: { protocol: '', host: '', port: 0 },
    sensitive: ['badge'],
    tessera: {
      repeats: 1,
      xmlRoot: 'r',
      plainTemplate: '{username}',
      allowedOrigins: ['https://a.example.com'],
    },
    refresh_token_request: {
      requestFields: { a: 'b' },
      refresh_token: { placement: 'body', token_timeout: -1 },
    },
  },
  service: {
    ssl: { enabled: false, ca_file: '' },
    proxy: { enabled: false, host: '', port: 1, protocol: 'http' },
    request: {
      number_retries: 1,
      global_request: { addlHeaders: { a: 'b' }, uriOptions: { c: 1 }, authData: { d: 'e' } },
    },
    healthcheck: { URI_Path: '/health' },
    stub: false,
  },
});

/** Replaces the value at one random place of a document; `at` chooses the way down. */
function changed(document: Json, at: readonly number[], value: Json): Json {
  const [step, ...rest] = at;
  if (step === undefined || typeof document !== 'object' || document === null) return value;
  const names = Object.keys(document);
  const name = names[step % Math.max(1, names.length)];
  if (name === undefined) return value;
  const copy: Record<string, Json> = Array.isArray(document)
    ? (Array.from(document) as never)
    : { ...document };
  copy[name] = changed((document as Record<string, Json>)[name], rest, value);
  return copy;
}

const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    null,
    '',
    0,
    -1,
    1e308,
    '{b64}',
    '{vault}a#b',
    '{crypt}x',
    '{code}x',
    '__proto__',
    '../..',
    '.',
    '..',
    'constructor',
    [],
    {},
    true,
  ),
  fc.string(),
);
const way = fc.array(fc.nat(12), { minLength: 1, maxLength: 5 });

function use(plan: TokenPlan): void {
  const [token, call] = [
    new Secret('tok-1'),
    { method: 'POST', url: 'https://h/w', headers: [], body: null },
  ];
  const held = { token, tokenp2: null, refreshToken: null, expiresAtMs: null, asReceived: null };
  typed(() => placeToken(plan, call, held));
  if (plan.step.kind !== 'request') return;
  typed(() => new URL(buildTokenRequest(plan).url));
  typed(() => requestText(describeTokenRequest(plan)));
  typed(() => readTokenResponse(plan, answer('{"access_token":"t"}'), 0, 0));
}

function typed(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof TokenClientError, String(error));
  }
}

test('of any configuration there is a plan that can be used, or a list of problems', () => {
  const texts = filesOf();
  const names = ['action.json', 'schemaTokenReq.json', 'schemaTokenResp.json', 'properties'] as const;
  let loaded = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...names), way, value), { minLength: 1, maxLength: 3 }),
      (edits) => {
        const documents: Record<string, Json> = { properties };
        for (const name of names)
          if (name !== 'properties') documents[name] = JSON.parse(texts[name] ?? 'null');
        for (const [name, at, to] of edits) documents[name] = changed(documents[name], at, to);
        const files = Object.fromEntries(
          Object.entries<Json>({ ...texts, ...documents }).map(([name, one]) => [
            name,
            typeof one === 'string' ? one : JSON.stringify(one),
          ]),
        );
        try {
          use(compileAdapter(files, documents.properties));
          loaded += 1;
        } catch (error) {
          assert.ok(
            error instanceof ConfigurationError,
            error instanceof Error ? (error.stack ?? '') : String(error),
          );
          assert.ok(
            error.problems.every(({ file, reason, cure }) => file !== '' && reason !== '' && cure !== ''),
          );
        }
      },
    ),
    { numRuns: 3000 },
  );
  assert.ok(loaded > 300, `only ${loaded} loaded`);
});
