/** An adapter's home as the original library wants it: more than the token action, and its own error texts. @module */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Texts by their path from `entities/.system`. */
type SystemFiles = Readonly<Record<string, string>>;

/** Names of its generic actions, by which it calls whatever path it is given. */
const genericActions: Readonly<Record<string, string>> = {
  getGenericsNoBase: 'GET',
  createGenericNoBase: 'POST',
  updateGenericNoBase: 'PUT',
  patchGenericNoBase: 'PATCH',
  deleteGenericNoBase: 'DELETE',
};

export function writeOriginalHome(home: string, files: SystemFiles): void {
  write(home, '.system', files);
  write(home, '.generic', genericFiles());
  const library = createRequire(import.meta.url).resolve('@itentialopensource/adapter-utils/error.json');
  copyFileSync(library, join(home, 'error.json'));
}

function write(home: string, entity: string, files: SystemFiles): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, 'entities', entity, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function genericFiles(): SystemFiles {
  const path = Array.from({ length: 10 }, (_, index) => `{pathv${index + 1}}`).join('');
  const actions = Object.entries(genericActions).map(([name, method]) => ({
    name,
    protocol: 'REST',
    method,
    entitypath: `${path}{query}`,
    schema: 'schema.json',
    timeout: 0,
    sendEmpty: false,
    requestDatatype: 'JSON',
    responseDatatype: 'JSON',
    headers: {},
    responseObjects: [{ type: 'default', key: '', mockFile: '' }],
  }));
  const internal = { type: 'string', default: 'getGenericsNoBase', enum: Object.keys(genericActions) };
  const schema = {
    type: 'object',
    translate: false,
    dynamicfields: true,
    properties: { ph_request_type: internal },
  };
  return { 'action.json': JSON.stringify({ actions }), 'schema.json': JSON.stringify(schema) };
}
