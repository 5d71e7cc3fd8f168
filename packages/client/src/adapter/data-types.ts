/** The data types that adapters name. @module */
import type { AnswerDatatype } from '../plan/answer-recipe.ts';
import type { ConfigNode } from './config-node.ts';

export const requestDatatypes = [
  'JSON',
  'XML',
  'PLAIN',
  'FORM',
  'URLENCODE',
  'URLQUERY',
  'JSON2XML',
] as const;
export type RequestDatatype = (typeof requestDatatypes)[number];

const answerDatatypes: Readonly<Record<string, AnswerDatatype>> = {
  JSON: 'json',
  XML: 'xml',
  PLAIN: 'plain',
  XML2JSON: 'xml2json',
  URLENCODE: 'urlencode',
};

/** `override`, then the action's own, then its `datatype`, then JSON. */
export function requestDatatype(action: ConfigNode, override: ConfigNode): RequestDatatype {
  const isKnown = (name: string): boolean => (requestDatatypes as readonly string[]).includes(name);
  const cure = 'use JSON, XML, PLAIN, FORM, URLENCODE, URLQUERY or JSON2XML';
  return (chosen([override, action.at('requestDatatype')], action, isKnown, cure) ??
    'JSON') as RequestDatatype;
}

export function answerDatatype(action: ConfigNode, override: ConfigNode): AnswerDatatype {
  const isKnown = (name: string): boolean => Object.hasOwn(answerDatatypes, name);
  const cure = 'use JSON, XML, PLAIN, XML2JSON or URLENCODE';
  const name = chosen([override, action.at('responseDatatype')], action, isKnown, cure);
  return answerDatatypes[name ?? 'JSON'] ?? 'json';
}

function chosen(
  nodes: readonly ConfigNode[],
  action: ConfigNode,
  isKnown: (name: string) => boolean,
  cure: string,
): string | null {
  const node = nodes.find(({ isAbsent }) => !isAbsent) ?? action.at('datatype');
  if (node.isAbsent) return null;
  const name = String(node.value).toUpperCase();
  if (isKnown(name)) return name;
  // One word for both directions: where it means nothing for this one, the usual stays.
  const other =
    Object.hasOwn(answerDatatypes, name) || (requestDatatypes as readonly string[]).includes(name);
  if (node.pointer.endsWith('/datatype') && other) return null;
  node.error({ reason: `${JSON.stringify(node.value)} is not a data type`, cure });
  return null;
}

/** What is sent as `Content-Type` where nothing is configured. */
export function contentType(datatype: RequestDatatype): string {
  switch (datatype) {
    case 'URLENCODE':
      return 'application/x-www-form-urlencoded';
    case 'PLAIN':
      return 'text/plain';
    case 'XML':
    case 'JSON2XML':
      return 'application/xml';
    case 'FORM':
      return 'multipart/form-data';
    case 'JSON':
    case 'URLQUERY':
      return 'application/json';
  }
}

/** What is sent as `Accept` where nothing is configured. */
export function acceptedType(datatype: AnswerDatatype): string {
  switch (datatype) {
    case 'plain':
      return 'text/plain';
    case 'xml':
    case 'xml2json':
      return 'application/xml';
    case 'urlencode':
      return 'application/x-www-form-urlencoded';
    case 'json':
      return 'application/json';
  }
}
