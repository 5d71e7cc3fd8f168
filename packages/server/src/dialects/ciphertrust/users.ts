/** `/usermgmt/users`: accounts, as administrators manage them. @module */
import type { Static } from 'typebox';
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import { changeUser, deleteUser } from '../../operations/manage-user-changes.ts';
import { createUser, getUser, listUsers, type UserQuery } from '../../operations/manage-users.ts';
import { callerOf } from './caller.ts';
import { flag, opaque, range, text, texts, whole, word } from './fields.ts';
import { accountFieldsOf, type UserFields, userSchema } from './user-fields.ts';
import { userItem } from './user-item.ts';
import { coreConnection, listRange, pageText, requireUserId } from './wire.ts';

const newUser = userSchema<UserFields & { username: string; password?: string; connection?: string }>({
  username: text(),
  password: Type.Optional(opaque()),
  connection: Type.Optional(text({ description: '`local_account` if absent.' })),
});

const userChanges = userSchema<UserFields & { password?: string; failed_logins_count?: number }>({
  password: Type.Optional(opaque()),
  failed_logins_count: Type.Optional(whole({ description: '0 ends a lockout.' })),
});

const userFilter = Type.Object({
  ...range,
  name: Type.Optional(text()),
  username: Type.Optional(text()),
  email: Type.Optional(text()),
  groups: Type.Optional(texts({ description: 'In all of these, separated by commas.' })),
  exclude_groups: Type.Optional(texts({ description: 'In none of these.' })),
  auth_domain_name: Type.Optional(text({ description: 'Domain the accounts live in.' })),
  account_expired: Type.Optional(flag()),
  allowed_auth_methods: Type.Optional(texts()),
  allowed_client_types: Type.Optional(texts()),
  password_policy: Type.Optional(text()),
  return_groups: Type.Optional(flag({ description: 'Tell the groups of each user.' })),
  sort: Type.Optional(
    word(['username', '-username', 'name', '-name', 'email', '-email', 'created_at', '-created_at'], {
      description: '`-` before it: descending.',
    }),
  ),
});

const userPath = Type.Object({ user_id: text({ description: '`local|<uuid>`' }) });
const detail = Type.Object({ return_groups: Type.Optional(flag()) });

export function addUserRoutes(app: App, core: Core): void {
  const tags = ['users'];
  const path = '/usermgmt/users';
  app.post(path, { schema: { body: newUser, tags, summary: 'Creates a user' } }, async (request, reply) => {
    const caller = callerOf(request);
    const { username, password = null, connection } = request.body;
    const fields = accountFieldsOf(request.body);
    const named = connection === undefined ? {} : { connection: coreConnection(connection) };
    const account = await createUser(core, caller, { ...fields, ...named, username, password });
    return sendJson(reply, 201, JSON.stringify(userItem(account, caller, 'without groups')));
  });
  app.get(
    path,
    { schema: { querystring: userFilter, tags, summary: 'Lists users' } },
    async (request, reply) => {
      const caller = callerOf(request);
      const query = queryOf(request.query);
      const page = await listUsers(core, caller, query);
      const shown = query.roles === 'include' ? 'with groups' : 'without groups';
      return sendJson(
        reply,
        200,
        pageText(query, page, (account) => userItem(account, caller, shown)),
      );
    },
  );
  const one = `${path}/:user_id`;
  const read = { params: userPath, querystring: detail, tags, summary: 'Reads a user' };
  app.get(one, { schema: read }, async (request, reply) => {
    const caller = callerOf(request);
    const account = await getUser(core, caller, requireUserId(request.params.user_id));
    const shown = request.query.return_groups === true ? 'with groups' : 'without groups';
    return sendJson(reply, 200, JSON.stringify(userItem(account, caller, shown)));
  });
  const change = { params: userPath, body: userChanges, tags, summary: 'Changes a user' };
  app.patch(one, { schema: change }, async (request, reply) => {
    const caller = callerOf(request);
    const { password, failed_logins_count: failures } = request.body;
    const account = await changeUser(core, caller, requireUserId(request.params.user_id), {
      ...accountFieldsOf(request.body),
      ...(password === undefined ? {} : { password }),
      ...(failures === undefined ? {} : { failedLoginsCount: failures }),
    });
    return sendJson(reply, 200, JSON.stringify(userItem(account, caller, 'without groups')));
  });
  app.delete(
    one,
    { schema: { params: userPath, tags, summary: 'Deletes a user' } },
    async (request, reply) => {
      await deleteUser(core, callerOf(request), requireUserId(request.params.user_id));
      return sendNothing(reply);
    },
  );
}

function queryOf(filter: Static<typeof userFilter>): UserQuery {
  const sort = filter.sort ?? 'username';
  return {
    name: filter.name ?? null,
    username: filter.username ?? null,
    email: filter.email ?? null,
    inAllRoles: filter.groups ?? [],
    inNoRoles: filter.exclude_groups ?? [],
    domain: filter.auth_domain_name ?? null,
    accountExpired: filter.account_expired ?? null,
    allowedAuthMethods: filter.allowed_auth_methods ?? null,
    allowedClientTypes: filter.allowed_client_types ?? null,
    passwordPolicy: filter.password_policy ?? null,
    sort: {
      by: sort.replace('-', '') as UserQuery['sort']['by'],
      order: sort.startsWith('-') ? 'desc' : 'asc',
    },
    roles: filter.return_groups === true ? 'include' : 'omit',
    ...listRange(filter),
  };
}
