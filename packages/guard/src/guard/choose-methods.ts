/** Which methods a guard has, and whether their keys may be used. @module */
import { randomBytes } from 'node:crypto';
import { isDefaultSigningKey, warningsOfKey, warnProcess } from '@tessera/token';
import { jwt } from '../methods/jwt.ts';
import type { LoginMethod } from '../methods/login.ts';
import type { CredentialMethod } from '../methods/method.ts';
import { hasSharedKey } from '../methods/shared-key.ts';
import { DefaultSigningKeyError, mayUseDefaultKey, readNodeEnv } from './default-key.ts';
import type { GuardMethod } from './options.ts';

export interface ChosenMethods {
  readonly logins: readonly LoginMethod[];
  readonly credentials: readonly CredentialMethod[];
}

/**
 * @throws {TypeError} for no method at all, or something that is none
 * @throws {DefaultSigningKeyError}
 */
export function chooseMethods(
  methods: readonly GuardMethod[],
  allowDefaultSigningKey: boolean | undefined,
): ChosenMethods {
  if (!Array.isArray(methods) || methods.length === 0)
    throw new TypeError('a guard needs at least one method');
  const logins: LoginMethod[] = [];
  const credentials: CredentialMethod[] = [];
  for (const method of methods as readonly GuardMethod[]) {
    if (method?.role === 'login') logins.push(method);
    else if (method?.role === 'credentials') credentials.push(method);
    else throw new TypeError('methods holds something that is no method: call jwt(), login(), basic()');
  }
  judgeKeys(credentials, allowDefaultSigningKey);
  const hasJwt = credentials.some(({ name }) => name === 'jwt');
  return { logins, credentials: hasJwt || logins.length === 0 ? credentials : [...credentials, randomJwt()] };
}

function judgeKeys(methods: readonly CredentialMethod[], allow: boolean | undefined): void {
  const keys = methods.filter(hasSharedKey).map(({ shared }) => shared.signingKey.reveal());
  if (keys.some(isDefaultSigningKey) && !mayUseDefaultKey(allow, readNodeEnv())) {
    throw new DefaultSigningKeyError();
  }
  for (const warning of keys.flatMap(warningsOfKey)) warnProcess(warning);
}

/** For logins without a `jwt` method: the tokens are the guard's own and end with the process. */
function randomJwt(): CredentialMethod {
  process.emitWarning(
    'login() stands without jwt(): tokens are signed with a random key and are worth nothing after this process ends',
    { type: 'TesseraWarning', code: 'TESSERA_RANDOM_SIGNING_KEY' },
  );
  return jwt({ signingKey: randomBytes(32) });
}
