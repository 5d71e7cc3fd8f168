/** The keys that verify this dialect's JWTs, and their rotation. @module */
import { createPublicKey } from 'node:crypto';
import type { Static } from 'typebox';
import type { SigningAlgorithm, SigningKeyRecord } from '../../domain/signing-key.ts';
import type { JsonObject } from '../../domain/tenancy.ts';
import { sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import { listSigningKeys, rotateSigningKey } from '../../operations/signing-keys.ts';
import { callerOf } from './caller.ts';
import { range, text, word } from './fields.ts';
import { ciphertrustKeys } from './key-use.ts';
import { wrong } from './reader.ts';
import { listRange, pageText, wireTime } from './wire.ts';

const rotation = Type.Object({
  type: Type.Optional(
    word(['hmac', 'ecdsa', 'rsa'], { description: 'Absent: the algorithm in use is kept.' }),
  ),
  curve: Type.Optional(
    text({ description: 'For ecdsa: `p256` (if absent), `p384` or `p521`; else not looked at.' }),
  ),
});

export function addKeyRoutes(app: App, core: Core): void {
  const tags = ['keys'];
  const list = { querystring: Type.Object(range), tags, summary: 'Lists the keys that verify API tokens' };
  app.get('/auth/auth-key', { schema: list }, async (request, reply) => {
    const asked = listRange(request.query);
    return sendJson(
      reply,
      200,
      pageText(asked, await listSigningKeys(core, ciphertrustKeys, asked), keyItem),
    );
  });
  const rotate = { body: rotation, tags, summary: 'Replaces the key that signs API tokens' };
  app.post('/auth/rotate-auth-key', { schema: rotate }, async (request, reply) => {
    const key = await rotateSigningKey(core, callerOf(request), ciphertrustKeys, algorithmOf(request.body));
    return sendJson(reply, 200, JSON.stringify(keyItem(key)));
  });
}

const algorithms: ReadonlyMap<string, SigningAlgorithm> = new Map([
  ['p256', 'ES256'],
  ['p384', 'ES384'],
  ['p521', 'ES512'],
]);

/** Null: the one in use. A curve alone asks for ecdsa. */
function algorithmOf({ type, curve }: Static<typeof rotation>): SigningAlgorithm | null {
  if (type === 'hmac') return 'HS256';
  if (type === 'rsa') return 'RS256';
  if (type === undefined && curve === undefined) return null;
  const algorithm = algorithms.get(curve ?? 'p256');
  if (algorithm === undefined) throw wrong('curve', `must be one of: ${[...algorithms.keys()].join(', ')}`);
  return algorithm;
}

const kinds: Readonly<Record<SigningAlgorithm, { readonly type: string; readonly curve: string | null }>> = {
  HS256: { type: 'hmac', curve: null },
  RS256: { type: 'rsa', curve: null },
  ES256: { type: 'ecdsa', curve: 'p256' },
  ES384: { type: 'ecdsa', curve: 'p384' },
  ES512: { type: 'ecdsa', curve: 'p521' },
};

function keyItem(key: SigningKeyRecord): object {
  const { type, curve } = kinds[key.alg];
  return {
    id: key.kid,
    type,
    alg: key.alg,
    curve,
    pem: key.publicJwk === null ? null : pemOf(key.publicJwk),
    jwk: key.publicJwk,
    current: key.retiredAtMs === null,
    createdAt: wireTime(key.createdAtMs),
  };
}

function pemOf(jwk: JsonObject): string {
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
}
