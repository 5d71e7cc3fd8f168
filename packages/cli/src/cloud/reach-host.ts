/** How a host of API tokens is reached: by what this run says, and not by what the file of another server's login does. @module */
import { resolve } from 'node:path';
import { type CloudConnection, Secret } from '@tessera/client';
import { loadSettings } from '../config/settings.ts';
import { passwordFor } from '../connect/ask-credentials.ts';
import { connectionTo } from '../connect/connection.ts';
import type { Invocation } from '../program/command.ts';

/** @param keptCaFile from an earlier `connect`; null: none */
export function reachHost(
  keptCaFile: string | null,
  invocation: Invocation,
): CloudConnection & { caFile: string | null } {
  const { context, globals } = invocation;
  const { timeoutSeconds, isVerbose } = loadSettings(invocation);
  const given = globals['ca-file'] ?? (context.env.TESSERA_CAFILE || null);
  const caFile = given === null ? keptCaFile : resolve(given);
  const noSslVerify = globals.nosslverify ?? /^(?:true|1)$/i.test(context.env.TESSERA_NOSSLVERIFY ?? '');
  const { url: _, ...connection } = connectionTo(
    new URL('https://unused.invalid'),
    { noSslVerify, caFile, timeoutSeconds, isVerbose },
    context,
  );
  return { ...connection, caFile };
}

/** Never the one kept for the server of a login. */
export function passwordForHost(invocation: Invocation): Promise<Secret> {
  const { context, globals } = invocation;
  const written = globals.password ?? (context.env.TESSERA_PASSWORD || null);
  return passwordFor({ password: written === null ? null : new Secret(written) }, invocation);
}
