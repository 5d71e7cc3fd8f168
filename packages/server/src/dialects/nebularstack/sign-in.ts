/** What every sign-in of this dialect has in common. @module */
import type { FastifyRequest } from 'fastify';
import { localConnection } from '../../domain/user.ts';
import { originOf } from '../../http/origin.ts';
import { wrong } from '../../http/strict-reader.ts';
import type { Core } from '../../operations/core.ts';
import type { Grant } from '../../operations/grant.ts';
import { type Entered, type SignInRequest, signIn } from '../../operations/sign-in.ts';
import { readProof, type WrittenCredentials } from './credentials.ts';
import type { NebularOptions } from './options.ts';

export interface SignInBody extends WrittenCredentials {
  readonly username: string;
  readonly method?: string;
}

/** What differs between the versions. */
export type Particulars<Place extends Entered> = Pick<
  SignInRequest<Place>,
  'format' | 'enter' | 'open' | 'secondFactor'
> & {
  /** Name of the domain that the user lives in. */
  readonly home: string;
};

/** Signs in whom the body names. */
export async function signInBy<Place extends Entered>(
  core: Core,
  { guessLimits }: NebularOptions,
  request: FastifyRequest,
  body: SignInBody,
  { home, ...particulars }: Particulars<Place>,
): Promise<Grant & { readonly entered: Place }> {
  if (body.method !== undefined && body.method !== 'password') throw wrong('method', 'must be "password"');
  return await signIn(core, {
    ...particulars,
    ...readProof(body),
    origin: originOf(request),
    account: { domain: home, connection: localConnection, username: body.username },
    guessLimits,
  });
}
