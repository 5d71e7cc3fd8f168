/** Servers with their loads, ready to be measured. @module */
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import type { LoadGenerator } from '../load/load-generator.ts';
import type { Contender } from '../measure/slice.ts';
import { startBareFastify } from './bare-fastify.ts';
import { oidcRefresh, startOidcProvider } from './oidc-provider.ts';
import { type RefreshLoadOptions, renewalLoad, tesseraPost } from './refresh-load.ts';
import type { Installation } from './tessera.ts';

/** oidc-provider 9: refresh with rotation, everything in memory. */
export async function oidcRenewal(
  { things }: Bench,
  generator: LoadGenerator,
  { connections, sessions }: { connections: number; sessions: number },
): Promise<Contender> {
  const server = things.use(await startOidcProvider({ accessTokens: 'jwt', refreshTokens: sessions }));
  const load = renewalLoad(oidcRefresh, server.port, { connections, refreshTokens: server.refreshTokens });
  return generator.contender('oidc-provider 9, rotation, in memory', load, {
    pid: server.pid,
    helperPid: null,
  });
}

/** The bare route, on a copy of the installation's database. Its server must not run yet. */
export async function bareRenewal(
  { folder, things }: Bench,
  generator: LoadGenerator,
  installation: Installation,
  { connections, sessions }: { connections: number; sessions: number },
): Promise<Contender> {
  const server = things.use(await startBareFastify(installation, join(folder, 'bare.db'), sessions));
  const load = renewalLoad(tesseraPost('renew'), server.port, {
    connections,
    refreshTokens: server.refreshTokens,
  });
  return generator.contender('bare Fastify: sign and update', load, { pid: server.pid, helperPid: null });
}

/** Tessera under a load of renewals. */
export function tesseraRenewal(
  name: string,
  generator: LoadGenerator,
  server: { readonly pid: number; readonly port: number; readonly helperPid?: number },
  options: RefreshLoadOptions,
): Contender {
  const load = renewalLoad(tesseraPost('renew'), server.port, options);
  return generator.contender(name, load, { pid: server.pid, helperPid: server.helperPid ?? null });
}
