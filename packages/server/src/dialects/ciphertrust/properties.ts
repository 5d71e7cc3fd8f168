/** `/configs/properties`: the installation's settings, as text. @module */
import { sendJson } from '../../http/answer.ts';
import type { App } from '../../http/dialect-app.ts';
import { Type } from '../../http/schema.ts';
import type { Core } from '../../operations/core.ts';
import {
  getSetting,
  listSettings,
  resetSetting,
  type Setting,
  setSetting,
} from '../../operations/settings.ts';
import { callerOf } from './caller.ts';
import { range, text } from './fields.ts';
import { listRange, pageText } from './wire.ts';

// Empty text unsets a property, so here it is a value.
const change = Type.Object({ value: Type.String({ maxLength: 1024, 'x-empty': 'kept' }) });
const propertyPath = Type.Object({ name: text() });

export function addPropertyRoutes(app: App, core: Core): void {
  const tags = ['properties'];
  const path = '/configs/properties';
  const list = { querystring: Type.Object(range), tags, summary: 'Lists system properties' };
  app.get(path, { schema: list }, async (request, reply) => {
    const asked = listRange(request.query);
    return sendJson(reply, 200, pageText(asked, await listSettings(core, asked), propertyItem));
  });
  const one = `${path}/:name`;
  const read = { params: propertyPath, tags, summary: 'Reads a system property' };
  app.get(one, { schema: read }, async (request, reply) => {
    return sendJson(reply, 200, JSON.stringify(propertyItem(await getSetting(core, request.params.name))));
  });
  const patch = { params: propertyPath, body: change, tags, summary: 'Changes a system property' };
  app.patch(one, { schema: patch }, async (request, reply) => {
    const setting = await setSetting(core, callerOf(request), request.params.name, request.body.value);
    return sendJson(reply, 200, JSON.stringify(propertyItem(setting)));
  });
  const reset = { params: propertyPath, tags, summary: 'Sets a system property back to its default' };
  app.post(`${one}/reset`, { schema: reset }, async (request, reply) => {
    const setting = await resetSetting(core, callerOf(request), request.params.name);
    return sendJson(reply, 200, JSON.stringify(propertyItem(setting)));
  });
}

function propertyItem({ name, value, description }: Setting): object {
  return { name, value, description };
}
