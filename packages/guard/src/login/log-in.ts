/** The login route: a body in, an answer out. @module */
import type { Answer } from '../guard/answer.ts';
import { causeOf, type Log } from '../guard/log.ts';
import type { LoginMethod } from '../methods/login.ts';
import {
  bodyTooLarge,
  fieldsMissing,
  loggedIn,
  loginFailed,
  tooManyFailures,
  wrongMediaType,
} from './answers.ts';
import type { LoginAttempt } from './attempt.ts';
import { runCheck } from './check.ts';
import { LoginCredential } from './credential.ts';
import {
  type LoginFields,
  type LoginMediaType,
  loginMediaType,
  readLoginBody,
  readParsedBody,
} from './fields.ts';
import { LoginSuccess } from './result.ts';
import type { Throttle } from './throttle.ts';

export interface LoginRoute {
  readonly methods: readonly LoginMethod[];
  readonly throttle: Throttle;
  readonly log: Log;
  /** The token that a success hands out. What it throws makes the login a failed one. */
  readonly tokenFor: (success: LoginSuccess, credential: LoginCredential) => Promise<string>;
}

/** Never throws, never rejects. */
export async function logIn(route: LoginRoute, attempt: LoginAttempt): Promise<Answer> {
  const type = loginMediaType(attempt.contentType);
  const isPlain = attempt.contentEncoding === null || attempt.contentEncoding.toLowerCase() === 'identity';
  if (type === null || !isPlain) return wrongMediaType;
  const fields = await readFields(attempt, type);
  if (fields === 'too-large') return bodyTooLarge;
  if (fields === null) return fieldsMissing;
  const admission = await route.throttle.admit(fields.userName, attempt.head.remoteAddress);
  if (admission.kind === 'slowed') return tooManyFailures(admission.retryAfterSeconds);
  const answer = await checkFields(route, fields);
  if (answer.status === 200) admission.attempt.succeeded();
  else admission.attempt.failed();
  return answer;
}

async function readFields(
  attempt: LoginAttempt,
  type: LoginMediaType,
): Promise<LoginFields | 'too-large' | null> {
  const body = await attempt.readBody();
  switch (body.kind) {
    case 'bytes':
      return readLoginBody(body.bytes, type);
    case 'parsed':
      return readParsedBody(body.value);
    case 'too-large':
      return 'too-large';
    case 'unreadable':
      return null;
    default:
      return body satisfies never;
  }
}

/** In order, the first success wins; of several failures the first that has something to say does. */
async function checkFields(route: LoginRoute, fields: LoginFields): Promise<Answer> {
  if (fields.userName === '' || fields.password === '') return loginFailed(null);
  const credential = new LoginCredential(fields.userName, fields.password);
  let message: string | null = null;
  for (const { check, timeoutSeconds } of route.methods) {
    const result = await runCheck(check, credential, timeoutSeconds, route.log);
    if (result instanceof LoginSuccess) return handOut(route, result, credential);
    message ??= result.message;
  }
  return loginFailed(message);
}

async function handOut(
  { tokenFor, log }: LoginRoute,
  result: LoginSuccess,
  credential: LoginCredential,
): Promise<Answer> {
  try {
    return loggedIn(await tokenFor(result, credential));
  } catch (thrown) {
    log({
      code: 'TESSERA_LOGIN_CHECK_FAILED',
      message: 'no token could be granted for a login, which counts as failed',
      cause: causeOf(thrown, [credential.password]),
    });
    return loginFailed(null);
  }
}
