/** The schema of a token request. @module */
import { emptyMembers, isMembers, parseValuePath } from '../datatypes/value-path.ts';
import type { FieldRecipe, FieldsRecipe, JsonType, ValuePath } from '../plan/fields-recipe.ts';
import type { ConfigNode } from './config-node.ts';

/** External names from the service configuration, by property. */
export type ExternalNames = Readonly<Record<string, string>>;

const jsonTypes: readonly JsonType[] = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
/** Internal to the adapter: neither sent nor checked. */
const internal = 'ph_request_type';

export function readRequestSchema(
  schema: ConfigNode,
  names: ExternalNames,
  inherited: FieldsRecipe['undeclared'] = 'dropped',
): FieldsRecipe {
  const dynamic = schema.at('dynamicfields');
  const undeclared = dynamic.isAbsent ? inherited : dynamic.flag(false) ? 'sent' : 'dropped';
  const required = schema
    .at('required')
    .elements()
    .map(({ value }) => value);
  const properties = schema.at('properties');
  return {
    translation: schema.at('translate').flag(true) ? 'by-schema' : 'none',
    undeclared,
    properties: Object.keys(properties.members())
      .filter((name) => name !== internal)
      .map((name) => fieldRecipe(properties.at(name), name, names, required.includes(name), undeclared)),
  };
}

function fieldRecipe(
  node: ConfigNode,
  name: string,
  names: ExternalNames,
  required: boolean,
  undeclared: FieldsRecipe['undeclared'],
): FieldRecipe {
  refuseEncryption(node);
  const allowed = node.at('enum').value;
  const types = readTypes(node.at('type'));
  const hasMembers = isMembers(node.at('properties').value) && (types === null || types.includes('object'));
  const fallback = node.at('default').value;
  return {
    name,
    path: externalPath(node, name, names),
    types,
    required,
    allowed: Array.isArray(allowed) ? allowed : null,
    fallback: fallback === null || fallback === '' ? undefined : fallback,
    encoding: node.at('encode').flag(false) ? 'base64' : 'none',
    members: hasMembers ? readRequestSchema(node, emptyMembers() as ExternalNames, undeclared) : null,
    file: node.file,
    pointer: node.pointer,
  };
}

/** No `external_name`: the property's own; an empty one: the property is not sent. */
function externalPath(node: ConfigNode, name: string, names: ExternalNames): ValuePath | null {
  const external = node.at('external_name');
  const replaced = Object.hasOwn(names, name) ? names[name] : undefined;
  if (replaced === undefined && external.value === '') return null;
  const text = replaced ?? (external.isAbsent ? name.replaceAll('.', '\\.') : external.text(name));
  const path = parseValuePath(text);
  if (path !== null && typeof path[0] === 'string') return path;
  external.error({
    reason: `${JSON.stringify(text)} is no name that a field can have`,
    cure: 'write name, outer.inner or list[0].name, with \\. for a dot',
  });
  return [name];
}

/** @returns null: any type */
export function readTypes(node: ConfigNode): readonly JsonType[] | null {
  if (node.isAbsent) return null;
  const given = Array.isArray(node.value) ? node.value : [node.value];
  const types = given.map((one: unknown) => String(one).toLowerCase());
  const wrong = types.find((type) => !(jsonTypes as readonly string[]).includes(type));
  if (wrong === undefined) return types as JsonType[];
  node.error({
    reason: `${JSON.stringify(wrong)} is not a type`,
    cure: `use ${jsonTypes.join(', ')}`,
    icode: 'AD.304',
  });
  return null;
}

/** An empty key has no effect. */
export function refuseEncryption(node: ConfigNode): void {
  const key = node.at('encrypt').at('key');
  if (key.isAbsent) return;
  key.error({
    reason: 'the value is encrypted with a key that stands in the schema',
    cure: 'store the password in a vault and write {vault}name#field, and remove encrypt',
    icode: 'AD.304',
  });
}
