/** What would be sent, with every secret masked. Nothing is. @module */
import {
  type DescribedRequest,
  describeCall,
  describeTokenRequest,
  requestText,
} from '../masking/describe-request.ts';
import { resolveSecrets } from '../plan/resolve-secrets.ts';
import type { Call } from './call.ts';
import type { Engine } from './engine.ts';
import { type CallBase, prepareRequest } from './prepare-request.ts';
import { writtenCall } from './request-call.ts';

export interface DryRun {
  /** Null: the configuration asks for no token. */
  readonly tokenRequest: DescribedRequest | null;
  /** With a placeholder where the token would be; null: no call was given. */
  readonly call: DescribedRequest | null;
  /** Both as text. */
  toString(): string;
}

/** @throws {TokenClientError} what building the requests throws */
export async function dryRun(engine: Engine, base: CallBase, call: Call | null): Promise<DryRun> {
  const written = call === null ? null : writtenCall(base, call);
  const { plan, authData } = written?.target ?? base.target;
  const secrets = await resolveSecrets(plan, engine.readers);
  const tokenRequest =
    plan.step.kind === 'request' ? describeTokenRequest(plan, secrets, { authData }) : null;
  const described = written === null ? null : describeCall(plan, secrets, await wireCall(base, written));
  const shown = [tokenRequest, described].filter((one) => one !== null).map(requestText);
  return { tokenRequest, call: described, toString: () => shown.join('\n\n') };
}

async function wireCall(
  base: CallBase,
  written: ReturnType<typeof writtenCall>,
): Promise<Parameters<typeof describeCall>[2]> {
  const { method, url, headers, firstBody } = await prepareRequest(base, written);
  const body = firstBody.kind === 'bytes' ? firstBody.bytes : null;
  return { method, url, headers, body };
}
