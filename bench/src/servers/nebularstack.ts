/** Tessera with tenants, users signed in to them by the dialect nebularstack, and what they send. @module */
import { rotateKey } from '@tessera/server';
import { deal, type Load, requestText } from '../load/load.ts';
import type { RunningServer } from './pinned-process.ts';
import { type Member, seedTenancy, type TenancyOptions } from './seed-tenancy.ts';
import { configOf, install, openServer, password, startTessera } from './tessera.ts';

const path = '/v2/token';

export interface TenancyServer extends RunningServer {
  /** Members of each group. */
  readonly groups: readonly (readonly Pair[])[];
}

/** What a sign-in to the member's tenant gave. */
export interface Pair extends Member {
  readonly token: string;
  readonly refreshToken: string;
}

export interface TenancyInstallOptions {
  readonly dataDir: string;
  readonly tenants: number;
  /** How many assignments each user of a group has. */
  readonly assignments: readonly number[];
  readonly usersPerGroup: number;
}

/** Signs by ES256, as its peer does. */
export async function startWithTenants(options: TenancyInstallOptions): Promise<TenancyServer> {
  const { dataDir, tenants, assignments, usersPerGroup } = options;
  const size = { users: 1000, sessions: 10_000, tokens: 1 };
  const installation = await install({ dataDir, databaseUrl: null, ...size });
  const groups = assignments.map((count, group) => ({
    usernames: installation.usernames.slice(group * usersPerGroup, (group + 1) * usersPerGroup),
    assignments: count,
  }));
  const members = await addTenants(installation, { tenants, groups });
  const rotation = { use: 'nebularstack', alg: 'ES256', start: 'at-once' } as const;
  await rotateKey(await configOf(installation), rotation);
  const server = await startTessera(installation);
  const pairs: Pair[][] = [];
  for (const group of members) pairs.push(await signInAll(server.port, group));
  return { ...server, groups: pairs };
}

async function addTenants(
  installation: Parameters<typeof openServer>[0],
  options: TenancyOptions,
): Promise<Member[][]> {
  const server = await openServer(installation);
  try {
    return await seedTenancy(server.core, options);
  } finally {
    await server.stop(0);
  }
}

async function signInAll(port: number, members: readonly Member[]): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const member of members) pairs.push(await signIn(port, member));
  return pairs;
}

async function signIn(port: number, member: Member): Promise<Pair> {
  const { username, domain, tenantId } = member;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    body: JSON.stringify({ username, password, user_domain: 'root', domain, tenant_id: tenantId }),
  });
  if (!answer.ok) throw new Error(`the sign-in of ${username} was refused: ${await answer.text()}`);
  const { token, refresh_token: refreshToken } = (await answer.json()) as Record<string, string>;
  return { ...member, token: String(token), refreshToken: String(refreshToken) };
}

/** Renewals, each user's scope kept. */
export function pairRenewals(port: number, pairs: readonly Pair[], connections: number): Load {
  const texts = pairs.map(({ token, refreshToken }) => shown('PUT', token, { refresh_token: refreshToken }));
  return repeated(port, deal(texts, connections));
}

/** Rescopes: to the domain for each user, then to the tenant for each. */
export function pairRescopes(port: number, pairs: readonly Pair[], connections: number): Load {
  const texts = (target: (pair: Pair) => object): string[] =>
    pairs.map((pair) => shown('PATCH', pair.token, { ...target(pair), refresh_token: pair.refreshToken }));
  const toDomains = deal(
    texts(({ domain }) => ({ domain })),
    connections,
  );
  const toTenants = deal(
    texts(({ domain, tenantId }) => ({ domain, tenant_id: tenantId })),
    connections,
  );
  return repeated(
    port,
    toDomains.map((requests, at) => [...requests, ...(toTenants[at] ?? [])]),
  );
}

function shown(method: 'PUT' | 'PATCH', token: string, body: object): string {
  return requestText({ method, path, header: ['X-Auth-Token', token] }, JSON.stringify(body));
}

function repeated(port: number, requests: Load['requests']): Load {
  return { port, requests, follow: [], pauseMs: 0, accept: 'successes' };
}
