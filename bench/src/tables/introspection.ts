/** Checking an access token, beside oidc-provider's introspection. @module */
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { getText, type Load, postText } from '../load/load.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { atSaturation } from '../measure/comparison.ts';
import { interleave, type Measured } from '../measure/interleave.ts';
import type { Contender } from '../measure/slice.ts';
import { disturbanceNotes, loadColumns, loadRows } from '../report/load-rows.ts';
import { atLeast, type Table } from '../report/table.ts';
import { loadCore } from '../servers/cores.ts';
import { oidcIntrospection, startOidcProvider } from '../servers/oidc-provider.ts';
import { tesseraPost } from '../servers/refresh-load.ts';
import { install, startTessera } from '../servers/tessera.ts';

const connections = 32;
/** The leanest guarded route there is: what it answers needs no database. */
const guardedPath = '/api/v1/system/info';

export async function introspectionTable(bench: Bench): Promise<Table> {
  const generator = bench.things.use(new LoadGenerator(loadCore));
  const result = await interleave(
    [await guardedRoute(bench, generator), await introspection(bench, generator)],
    bench.pace,
  );
  const [ours, peer] = result.measured as readonly [Measured, Measured];
  const { ratio, by } = atSaturation(ours, peer);
  return {
    title: 'Checking an access token',
    method: `Tessera: GET ${guardedPath} with one JWT again and again (signature remembered, session, user and roles looked at each time, SQLite). oidc-provider: introspection of an opaque token, in memory. ${connections} connections.`,
    columns: loadColumns('Tessera'),
    rows: loadRows(result),
    verdicts: [atLeast('guarded route to oidc-provider introspection', ratio, 3, by)],
    notes: disturbanceNotes(result),
  };
}

async function guardedRoute({ folder, things }: Bench, generator: LoadGenerator): Promise<Contender> {
  const dataDir = join(folder, 'tessera');
  const installation = await install({
    dataDir,
    databaseUrl: null,
    users: 1000,
    sessions: 10_000,
    tokens: 1,
  });
  const server = things.use(await startTessera(installation));
  const accessToken = await refresh(server.port, installation.refreshTokens[0] ?? '');
  const request = getText(guardedPath, accessToken);
  const watched = { pid: server.pid, helperPid: null };
  return generator.contender('Tessera, guarded route', repeated(server.port, request), watched);
}

async function refresh(port: number, refreshToken: string): Promise<string> {
  const { path, contentType, body } = tesseraPost('plain');
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: body.replace('{token}', refreshToken),
  });
  const { jwt } = (await answer.json()) as { jwt: string };
  return jwt;
}

async function introspection({ things }: Bench, generator: LoadGenerator): Promise<Contender> {
  const server = things.use(await startOidcProvider({ accessTokens: 'opaque', refreshTokens: 0 }));
  const request = postText(oidcIntrospection, server.accessToken);
  const watched = { pid: server.pid, helperPid: null };
  return generator.contender('oidc-provider 9, introspection', repeated(server.port, request), watched);
}

function repeated(port: number, request: string): Load {
  const requests = Array.from({ length: connections }, () => [request]);
  return { port, requests, follow: [], pauseMs: 0, accept: 'successes' };
}
