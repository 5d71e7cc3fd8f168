/** How the fields of a token request become bytes, and what of it can be known to fail. @module */
import { isXmlName } from '../datatypes/write-xml.ts';
import { compileFormat } from '../formats/compile-format.ts';
import type { FieldRecipe, FieldsRecipe } from '../plan/fields-recipe.ts';
import type { BodyRecipe } from '../plan/request-recipe.ts';
import type { ReadOptions } from './adapter-options.ts';
import type { ConfigNode } from './config-node.ts';
import type { RequestDatatype } from './data-types.ts';

export interface BodySetting {
  readonly datatype: RequestDatatype;
  readonly method: string;
  readonly sendEmpty: boolean;
  /** Whether URLQUERY pairs are percent-encoded. */
  readonly pairs: 'encoded' | 'raw';
  readonly fields: FieldsRecipe;
  /** Names of the fields that will be there, before translation. */
  readonly present: ReadonlySet<string>;
  readonly schema: ConfigNode;
  readonly action: ConfigNode;
  readonly options: ReadOptions;
}

export function readBody(setting: BodySetting): BodyRecipe {
  const { datatype, method, options, fields } = setting;
  if (datatype === 'URLQUERY') {
    refuseNested(setting);
    return { kind: 'query', pairs: setting.pairs };
  }
  if (method === 'GET' || method === 'HEAD') return { kind: 'none' };
  switch (datatype) {
    case 'JSON':
      return { kind: 'json', nothing: setting.sendEmpty ? 'empty-object' : 'no-body' };
    case 'URLENCODE':
      refuseNested(setting);
      return { kind: 'urlencode' };
    case 'FORM':
      refuseNested(setting);
      return { kind: 'form' };
    case 'PLAIN':
      return { kind: 'plain', template: readTemplate(setting) };
    case 'XML':
    case 'JSON2XML':
      refuseXmlNames(setting, fields, setting.schema);
      if (options.xmlRoot === null) warnOfRoots(setting);
      return { kind: 'xml', root: options.xmlRoot };
  }
}

function sentFields({ fields, present }: BodySetting): readonly FieldRecipe[] {
  return fields.properties.filter(
    ({ name, path, fallback }) => path !== null && (present.has(name) || fallback !== undefined),
  );
}

/** How many fields will be sent, declared or not. */
function sentNames(setting: BodySetting): readonly string[] {
  const { fields, present } = setting;
  const declared = new Set(fields.properties.map(({ name }) => name));
  const undeclared = fields.undeclared === 'sent' || fields.translation === 'none';
  return [
    ...sentFields(setting).map(({ name }) => name),
    ...(undeclared ? [...present].filter((name) => !declared.has(name)) : []),
  ];
}

function refuseNested({ fields, schema, datatype }: BodySetting): void {
  for (const { name, path, members } of fields.properties) {
    const isNested =
      members !== null || (fields.translation === 'by-schema' && path !== null && path.length > 1);
    if (!isNested) continue;
    schema
      .at('properties')
      .at(name)
      .error({
        reason: `it is nested, and ${datatype} carries plain fields only`,
        cure: 'use JSON or XML, or give it an external_name without dots',
        icode: 'AD.304',
      });
  }
}

function refuseXmlNames(setting: BodySetting, fields: FieldsRecipe, schema: ConfigNode): void {
  for (const { name, path, members } of fields.properties) {
    const node = schema.at('properties').at(name);
    const names =
      fields.translation === 'none' ? [name] : (path ?? []).filter((step) => typeof step === 'string');
    const wrong = names.find((one) => one !== '_attr' && one !== '_' && !isXmlName(one));
    if (wrong !== undefined) {
      node.error({
        reason: `${JSON.stringify(wrong)} is no name of an XML element`,
        cure: 'give it another external_name',
        icode: 'AD.304',
      });
    }
    if (members !== null) refuseXmlNames(setting, members, node);
  }
}

function warnOfRoots(setting: BodySetting): void {
  const names = setting.fields.translation === 'none' ? sentNames(setting) : sentFields(setting).map(topName);
  if (new Set(names).size < 2) return;
  setting.action.at('requestDatatype').warn({
    reason: 'the body has several top-level elements, which is no well-formed document',
    cure: 'set xmlRoot if the server wants one',
  });
}

function topName({ path, name }: FieldRecipe): string {
  return String(path?.[0] ?? name);
}

function readTemplate(setting: BodySetting): Extract<BodyRecipe, { kind: 'plain' }>['template'] {
  const node = setting.options.plainTemplate;
  if (node.isAbsent) {
    refuseSeveral(setting);
    return null;
  }
  const names = new Set(setting.fields.properties.map(({ name }) => name));
  const compiled = compileFormat(node.text(), (word) => names.has(word));
  for (const word of compiled.unknown.filter((one) => one !== 'b64')) {
    node.error({
      reason: `{${word}} is no property of the request schema`,
      cure: `use ${[...names].map((name) => `{${name}}`).join(', ') || 'no variables'}`,
    });
  }
  if (compiled.base64 === 'open') {
    node.error({
      reason: '{b64} has no end',
      cure: 'write {b64}…{/b64} around what is to be encoded',
      icode: 'AD.401',
    });
  }
  return compiled.format;
}

function refuseSeveral(setting: BodySetting): void {
  const names = sentNames(setting);
  if (names.length < 2) return;
  setting.action.at('requestDatatype').error({
    reason: `PLAIN carries one field, and there are ${names.length}: ${names.join(', ')}`,
    cure: `set plainTemplate, such as "{${names[0]}}:{${names[1]}}", or use another data type`,
  });
}
