/** `/usermgmt/groups`: Tessera's roles in the token's domain, and who is in them. @module */
import type { Static } from 'typebox';
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import { assignRole, unassignRole } from '../../operations/manage-assignments.ts';
import {
  type CountedRole,
  changeRole,
  createRole,
  deleteRole,
  getRole,
  listRoles,
  type RoleFields,
} from '../../operations/manage-roles.ts';
import { callerOf } from './caller.ts';
import { freeObject, range, text } from './fields.ts';
import { wrong } from './reader.ts';
import { withoutAbsent } from './user-fields.ts';
import { listRange, pageText, readUserId, requireUserId, wireTime } from './wire.ts';

const editable = {
  description: Type.Optional(text()),
  app_metadata: Type.Optional(freeObject()),
  user_metadata: Type.Optional(freeObject()),
  client_metadata: Type.Optional(freeObject()),
};
const newGroup = Type.Object({ name: text(), ...editable });
const groupChanges = Type.Object({ name: Type.Optional(text()), ...editable });
const groupPath = Type.Object({ name: text() });
const memberPath = Type.Object({ name: text(), user_id: text({ description: '`local|<uuid>`' }) });
const groupFilter = Type.Object({
  ...range,
  name: Type.Optional(text()),
  users: Type.Optional(text({ description: 'Only groups that this user is in.' })),
});

export function addGroupRoutes(app: App, core: Core): void {
  const tags = ['groups'];
  const path = '/usermgmt/groups';
  app.post(path, { schema: { body: newGroup, tags, summary: 'Creates a group' } }, async (request, reply) => {
    const { name } = request.body;
    const role = await createRole(core, callerOf(request), { name, ...fieldsOf(request.body) });
    return sendJson(reply, 201, JSON.stringify(groupItem(role)));
  });
  app.get(
    path,
    { schema: { querystring: groupFilter, tags, summary: 'Lists groups' } },
    async (request, reply) => {
      const { name = null, users } = request.query;
      const asked = listRange(request.query);
      const userId = users === undefined ? null : readUserId(users);
      if (users !== undefined && userId === null)
        throw wrong('users', 'must be a user id such as local|<uuid>');
      const page = await listRoles(core, callerOf(request), { name, userId, ...asked });
      return sendJson(reply, 200, pageText(asked, page, groupItem));
    },
  );
  const one = `${path}/:name`;
  app.get(one, { schema: { params: groupPath, tags, summary: 'Reads a group' } }, async (request, reply) => {
    const role = await getRole(core, callerOf(request), request.params.name);
    return sendJson(reply, 200, JSON.stringify(groupItem(role)));
  });
  const change = { params: groupPath, body: groupChanges, tags, summary: 'Changes a group' };
  app.patch(one, { schema: change }, async (request, reply) => {
    const { name } = request.body;
    const changes = { ...(name === undefined ? {} : { name }), ...fieldsOf(request.body) };
    const role = await changeRole(core, callerOf(request), request.params.name, changes);
    return sendJson(reply, 200, JSON.stringify(groupItem(role)));
  });
  app.delete(
    one,
    { schema: { params: groupPath, tags, summary: 'Deletes a group' } },
    async (request, reply) => {
      await deleteRole(core, callerOf(request), request.params.name);
      return sendNothing(reply);
    },
  );
  addMemberRoutes(app, core, `${one}/users/:user_id`);
}

function addMemberRoutes(app: App, core: Core, path: string): void {
  const schema = { params: memberPath, tags: ['groups'] };
  app.post(path, { schema: { ...schema, summary: 'Adds a user to a group' } }, async (request, reply) => {
    const { name, user_id: userId } = request.params;
    const role = await assignRole(core, callerOf(request), name, requireUserId(userId));
    return sendJson(reply, 200, JSON.stringify(groupItem(role)));
  });
  app.delete(
    path,
    { schema: { ...schema, summary: 'Removes a user from a group' } },
    async (request, reply) => {
      const { name, user_id: userId } = request.params;
      await unassignRole(core, callerOf(request), name, requireUserId(userId));
      return sendNothing(reply);
    },
  );
}

function fieldsOf(body: Static<typeof groupChanges>): RoleFields {
  return withoutAbsent({
    description: body.description,
    appMetadata: body.app_metadata,
    userMetadata: body.user_metadata,
    clientMetadata: body.client_metadata,
  });
}

function groupItem(role: CountedRole): object {
  return {
    name: role.name,
    description: role.description,
    users_count: role.usersCount,
    created_at: wireTime(role.createdAtMs),
    updated_at: wireTime(role.updatedAtMs),
    app_metadata: role.appMetadata,
    user_metadata: role.userMetadata,
    client_metadata: role.clientMetadata,
  };
}
