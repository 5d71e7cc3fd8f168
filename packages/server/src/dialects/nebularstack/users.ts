/** `/v1/users`, `/v1/user`: users, as administrators manage them. @module */
import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { UserProperty } from '../../domain/listing.ts';
import { sendJson, sendNothing } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import { flag, opaque, text } from '../../http/strict-fields.ts';
import type { Core } from '../../operations/core.ts';
import { changePerson, deletePerson } from '../../operations/tenancy-user-changes.ts';
import { createPerson, getPerson, listPersons } from '../../operations/tenancy-users.ts';
import { callerOf } from './caller.ts';
import { filterField, type Properties, pageFields, readListQuery, sendList } from './paging.ts';
import { lowerId } from './targets.ts';
import { zoneOf } from './token-answer.ts';
import { personFields, personFieldsOf, userItem } from './user-item.ts';

const properties: Properties<UserProperty> = {
  id: 'id',
  username: 'username',
  name: 'name',
  org_name: 'orgName',
};

const userFilter = Type.Object({
  ...pageFields,
  id: filterField(),
  username: filterField(),
  name: filterField(),
  org_name: filterField(),
});

const newUser = Type.Object({
  username: text(),
  password: opaque(),
  domain: Type.Optional(text({ description: 'Home of the user; that of the token if absent.' })),
  enabled: Type.Optional(flag()),
  ...personFields,
});

const userChanges = Type.Object({
  username: Type.Optional(text({ description: 'Cannot be changed.' })),
  domain: Type.Optional(text({ description: 'Cannot be changed.' })),
  password: Type.Optional(opaque()),
  enabled: Type.Optional(flag()),
  ...personFields,
});

const userPath = Type.Object({ user_id: text() });

export function addUserRoutes(app: App, core: Core): void {
  const tags = ['users'];
  app.get(
    '/users',
    { schema: { querystring: userFilter, tags, summary: 'Lists users' } },
    async (request, reply) => {
      const query = readListQuery(request.query, properties);
      const list = listPersons(core, callerOf(request), query);
      return sendList(reply, request.query, list, itemFor(request));
    },
  );
  app.post(
    '/user',
    { schema: { body: newUser, tags, summary: 'Creates a user' } },
    async (request, reply) => {
      const { username, password, domain = null } = request.body;
      const fields = { ...fieldsOf(request.body), username, password, domain };
      const person = await createPerson(core, callerOf(request), fields);
      return sendJson(reply, 200, JSON.stringify(itemFor(request)(person)));
    },
  );
  const one = '/user/:user_id';
  const about = (summary: string) => ({ schema: { params: userPath, tags, summary } });
  app.get(one, about('Reads a user'), async (request, reply) => {
    const person = await getPerson(core, callerOf(request), lowerId(request.params.user_id));
    return sendJson(reply, 200, JSON.stringify(itemFor(request)(person)));
  });
  const change = { params: userPath, body: userChanges, tags, summary: 'Changes a user' };
  app.patch(one, { schema: change }, async (request, reply) => {
    const { username, domain, password } = request.body;
    const person = await changePerson(core, callerOf(request), lowerId(request.params.user_id), {
      ...fieldsOf(request.body),
      ...(username === undefined ? {} : { username }),
      ...(domain === undefined ? {} : { domain }),
      ...(password === undefined ? {} : { password }),
    });
    return sendJson(reply, 200, JSON.stringify(itemFor(request)(person)));
  });
  app.delete(one, about('Deletes a user'), async (request, reply) => {
    await deletePerson(core, callerOf(request), lowerId(request.params.user_id));
    return sendNothing(reply);
  });
}

function fieldsOf(
  body: Static<typeof userChanges>,
): ReturnType<typeof personFieldsOf> & { enabled?: boolean } {
  const fields = personFieldsOf(body);
  return body.enabled === undefined ? fields : { ...fields, enabled: body.enabled };
}

function itemFor(request: FastifyRequest): (person: Parameters<typeof userItem>[0]) => object {
  const zone = zoneOf(request);
  return (person) => userItem(person, zone);
}
