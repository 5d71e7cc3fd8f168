/** Domains, tenants and assignments put into an installation directly, and users who hold them and nothing else. @module */
import { randomUUID } from 'node:crypto';
import { batches, type Core, insert } from './seed.ts';

export interface TenancyOptions {
  readonly tenants: number;
  readonly groups: readonly MemberGroup[];
}

/** Users who hold equally much. */
export interface MemberGroup {
  readonly usernames: readonly string[];
  /** For each: one role in the domain of their tenant, all others in tenants all over the installation. */
  readonly assignments: number;
}

export interface Member {
  readonly username: string;
  /** Name of the domain where they hold a role. */
  readonly domain: string;
  /** In that domain. */
  readonly tenantId: string;
}

type TenantRow = Awaited<ReturnType<typeof seedTenants>>[number];

const tenantsPerDomain = 10;

/** @returns the members of each group, spread evenly over the tenants */
export async function seedTenancy(core: Core, { tenants, groups }: TenancyOptions): Promise<Member[][]> {
  const places = await seedTenants(
    core,
    await seedDomains(core, Math.ceil(tenants / tenantsPerDomain)),
    tenants,
  );
  const members: Member[][] = [];
  for (const group of groups) members.push(await seedMembers(core, places, group));
  return members;
}

async function seedDomains({ database }: Core, count: number) {
  const { queries } = database;
  const [model] = await database.read(queries.selectFrom('domains').selectAll());
  if (model === undefined) throw new Error('every installation has a domain');
  const domains: (typeof model)[] = [];
  for (const numbers of batches(count)) {
    const rows = numbers.map((number) => {
      const name = `domain${number}.example`;
      return { ...model, id: randomUUID() as typeof model.id, name, name_key: name };
    });
    await insert({ database }, queries.insertInto('domains').values(rows));
    domains.push(...rows);
  }
  return domains;
}

async function seedTenants(
  { database }: Core,
  domains: Awaited<ReturnType<typeof seedDomains>>,
  count: number,
) {
  const { queries } = database;
  const [assignment] = await database.read(queries.selectFrom('assignments').selectAll().limit(1));
  type TenantId = NonNullable<NonNullable<typeof assignment>['tenant_id']>;
  const tenants: { id: TenantId; domain: (typeof domains)[number] }[] = [];
  for (const numbers of batches(count)) {
    const made = numbers.map((number) => {
      const domain = domains[Math.floor(number / tenantsPerDomain)];
      if (domain === undefined) throw new Error('more tenants than domains can hold');
      return { id: randomUUID() as TenantId, name: `tenant${number}`, domain };
    });
    const rows = made.map(({ id, name, domain }) => ({
      id,
      domain_id: domain.id,
      name,
      name_key: name,
      enabled: 1,
      created_at_ms: domain.created_at_ms,
      updated_at_ms: domain.updated_at_ms,
    }));
    await insert({ database }, queries.insertInto('tenants').values(rows));
    tenants.push(...made);
  }
  return tenants;
}

async function seedMembers(
  { database }: Core,
  tenants: readonly TenantRow[],
  { usernames, assignments }: MemberGroup,
): Promise<Member[]> {
  const { queries } = database;
  const named = queries.selectFrom('users').select(['id', 'username']).where('username', 'in', usernames);
  const users = await database.read(named);
  const held = queries.deleteFrom('assignments').where(
    'user_id',
    'in',
    users.map(({ id }) => id),
  );
  await database.write([{ query: held, mustChange: 'any' }]);
  const roles = queries.selectFrom('roles').select('id').where('name', '=', 'Customer');
  const [role] = await database.read(roles);
  if (role === undefined) throw new Error('every installation has the assigned roles');
  const members: Member[] = [];
  for (const [number, { id, username }] of users.entries()) {
    const first = Math.floor((number * tenants.length) / users.length);
    const every = Math.max(1, Math.floor(tenants.length / assignments));
    const places = Array.from({ length: assignments }, (_, at) => placeAt(tenants, first + at * every));
    const rows = places.map((place, at) => ({
      user_id: id,
      role_id: role.id,
      domain_id: place.domain.id,
      tenant_id: at === 0 ? null : place.id,
    }));
    await insert({ database }, queries.insertInto('assignments').values(rows));
    const own = placeAt(tenants, first);
    members.push({ username, domain: own.domain.name, tenantId: own.id });
  }
  return members;
}

function placeAt(tenants: readonly TenantRow[], index: number): TenantRow {
  const tenant = tenants[index % tenants.length];
  if (tenant === undefined) throw new Error('there are no tenants');
  return tenant;
}
