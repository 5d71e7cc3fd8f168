/** `connection.json`: which host `call` calls, and where its credential is. It holds no secret. @module */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '@tessera/client/files/write-atomically';
import type { Context } from '../program/context.ts';
import { LocalError, UsageError } from '../program/errors.ts';
import { userFolder } from '../vaults/open-vaults.ts';

export interface KeptConnection {
  /** `https://us.nectar.services/` */
  readonly url: string;
  readonly login:
    | { readonly kind: 'token'; readonly identifier: string | null; readonly vault: string }
    | { readonly kind: 'credential-secret'; readonly secret: string; readonly vault: string }
    | { readonly kind: 'user'; readonly userName: string };
  readonly caFile: string | null;
}

/** @throws {UsageError} nothing is connected @throws {LocalError} the file is damaged */
export function readConnection(context: Context): KeptConnection {
  const path = pathOf(context);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw new LocalError(`${path} cannot be read (${code})`);
    throw new UsageError(`nothing is connected yet: ${context.personality.name} connect HOST --use-token`);
  }
  const kept = parse(text);
  if (kept !== null) return kept;
  throw new LocalError(
    `${path} is damaged; connect again: ${context.personality.name} connect HOST --use-token`,
  );
}

export function writeConnection(kept: KeptConnection, context: Context): void {
  const path = pathOf(context);
  try {
    writeAtomically(path, `${JSON.stringify({ v: 1, ...kept }, null, 2)}\n`);
  } catch (error) {
    throw new LocalError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

const pathOf = (context: Context): string => join(userFolder(context), 'connection.json');

function parse(text: string): KeptConnection | null {
  try {
    const { v, url, login, caFile = null } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const isLogin = typeof login === 'object' && login !== null && 'kind' in login && isKnown(login);
    if (v !== 1 || typeof url !== 'string' || URL.parse(url) === null || !isLogin) return null;
    return {
      url,
      login: login as KeptConnection['login'],
      caFile: typeof caFile === 'string' ? caFile : null,
    };
  } catch {
    return null;
  }
}

function isKnown(login: Readonly<Record<string, unknown>>): boolean {
  const isText = (value: unknown): boolean => typeof value === 'string';
  if (login.kind === 'user') return isText(login.userName);
  if (login.kind === 'credential-secret') return isText(login.secret) && isText(login.vault);
  return (
    login.kind === 'token' && isText(login.vault) && (login.identifier === null || isText(login.identifier))
  );
}
