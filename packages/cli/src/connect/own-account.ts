/** Requests about the caller's own account, which a token alone does not open: the password goes along. @module */
import { type Answer, type Connection, type Request, Secret } from '@tessera/client';
import { loadSettings, requireUrl, type Settings } from '../config/settings.ts';
import type { Invocation } from '../program/command.ts';
import { LocalError } from '../program/errors.ts';
import { askOneTimePassword, passwordFor } from './ask-credentials.ts';
import { requireDialect } from './by-dialect.ts';
import { connectionTo } from './connection.ts';
import { readyAccess, sendWith } from './scoped-call.ts';

export interface OwnAccount {
  readonly password: Secret;
  send(request: Request): Promise<Answer>;
}

/**
 * The kept login shows who it is, whatever password flags there are: signing in for it would spend the one-time password
 * that the request itself needs.
 *
 * @throws {LocalError} no login is kept
 */
export async function openOwnAccount(invocation: Invocation): Promise<OwnAccount> {
  const settings: Settings = loadSettings(invocation);
  requireDialect('nebularstack', settings);
  const connection: Connection = connectionTo(requireUrl(settings, invocation), settings, invocation.context);
  const access = await readyAccess(connection, settings, invocation);
  const { name } = invocation.context.personality;
  if (access === null) throw new LocalError(`no login is kept: ${name} login --dialect nebularstack`);
  const password = await passwordFor(settings, invocation);
  return { password, send: (request) => sendWith(access, connection, request) };
}

/** @param given null: it is asked for */
export async function oneTimePassword(given: string | null, invocation: Invocation): Promise<Secret> {
  return given === null ? askOneTimePassword(invocation) : new Secret(given);
}
