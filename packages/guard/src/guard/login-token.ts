/** The token that a login hands out: the program's own, or one that the guard grants. @module */
import { grantJsonWebToken } from '@tessera/token';
import type { LoginCredential } from '../login/credential.ts';
import type { LoginSuccess } from '../login/result.ts';
import type { CheckedRequest, CredentialMethod } from '../methods/method.ts';
import { hasSharedKey } from '../methods/shared-key.ts';
import { askMethods } from './ask-methods.ts';

/** 25 minutes, as in the original. */
const loginSeconds = 1500;

/** @throws {TypeError} where there is no key to grant with, or what is to be granted is none */
export async function loginToken(
  methods: readonly CredentialMethod[],
  { options }: LoginSuccess,
  credential: LoginCredential,
  request: CheckedRequest,
): Promise<string> {
  if (options.token !== undefined) {
    await warnIfRefused(methods, options.token, request);
    return options.token;
  }
  const first = methods.find(hasSharedKey);
  if (first === undefined) {
    throw new TypeError('no jwt method has a key to grant with: hand out a token of your own');
  }
  const { signingKey, issuer, audience } = first.shared;
  const { userName = credential.userName, roles, payload } = options;
  const now = new Date(request.nowMs);
  return grantJsonWebToken(
    {
      identity: userName,
      issuer,
      audience,
      signingKey: signingKey.reveal(),
      expiry: new Date(request.nowMs + loginSeconds * 1000),
      now,
      ...(roles === undefined ? {} : { roles }),
      ...(payload === undefined ? {} : { payload }),
    },
    // Of its key the guard has said what there is to say when it was made.
    () => {},
  );
}

async function warnIfRefused(
  methods: readonly CredentialMethod[],
  token: string,
  request: CheckedRequest,
): Promise<void> {
  const bearers = methods.filter(({ credentials }) => credentials.includes('bearer'));
  const judgement = await askMethods(bearers, { kind: 'bearer', token }, request);
  if (judgement.kind === 'accepted') return;
  request.log({
    code: 'TESSERA_LOGIN_TOKEN_REFUSED',
    message: 'a login handed out a token that this guard does not accept: do key, issuer and audience agree?',
    cause: null,
  });
}
