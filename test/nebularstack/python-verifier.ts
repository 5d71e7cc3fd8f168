/** PyJWT (Debian: python3-jwt) as a verifier of another language: it gets the address of the published keys, and tokens. @module */
import { spawnSync } from 'node:child_process';

/** Addresses and tokens come by the standard input: no process may have a secret in its arguments. */
const program = `
import json, sys, jwt
url, issuer, *tokens = sys.stdin.read().split("\\n")
keys = jwt.PyJWKClient(url)
for token in tokens:
    try:
        key = keys.get_signing_key_from_jwt(token)
        claims = jwt.decode(token, key.key, algorithms=["RS256", "ES256"], issuer=issuer, options={"require": ["exp", "iat"]})
        print(json.dumps({"claims": claims}))
    except jwt.PyJWTError as error:
        print(json.dumps({"refused": type(error).__name__}))
`;

/** What PyJWT says of a token. */
export type Verdict = { readonly claims: Record<string, unknown> } | { readonly refused: string };

/** The first Python on this machine that has PyJWT and can use RSA and EC keys; null: none. */
export const python: string | null =
  ['python3', '/usr/bin/python3'].find(
    (command) => spawnSync(command, ['-c', 'import jwt, cryptography']).status === 0,
  ) ?? null;

/** PyJWT's verdict on each token, by the keys published at `jwksUrl`. */
export function verdictsOf(
  command: string,
  jwksUrl: string,
  issuer: string,
  tokens: readonly string[],
): Verdict[] {
  const { status, stdout, stderr } = spawnSync(command, ['-c', program], {
    input: [jwksUrl, issuer, ...tokens].join('\n'),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`PyJWT ended with ${status}: ${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
