/** The schema of an answer to a token request. @module */
import { parseValuePath } from '../datatypes/value-path.ts';
import type { AnswerPiece, AnswerPlace, AnswerRecipe } from '../plan/answer-recipe.ts';
import type { ValuePath } from '../plan/fields-recipe.ts';
import type { ConfigNode } from './config-node.ts';
import { readTypes, refuseEncryption } from './request-schema.ts';

/** What the service configuration says otherwise about the token. */
export interface TokenPlace {
  /** External name; empty: the schema's. */
  readonly name: string;
  /** Node of `token_response_placement`. */
  readonly placement: ConfigNode;
}

type Pieces = Pick<AnswerRecipe, 'token' | 'tokenp2' | 'expires' | 'expiresIn' | 'refreshToken'>;

export function readResponseSchema(schema: ConfigNode, token: TokenPlace): Pieces {
  const properties = schema.at('properties');
  const translated = schema.at('translate').flag(true);
  const usual = { name: '', placement: null };
  const piece = (name: string): AnswerPiece | null =>
    properties.at(name).value === undefined
      ? null
      : answerPiece(properties.at(name), name, translated, usual);
  const tokenNode = properties.at('token');
  if (tokenNode.value === undefined) {
    tokenNode.error({
      reason: 'is missing',
      cure: 'add the property token with its external_name',
      icode: 'AD.304',
    });
  }
  return {
    token: answerPiece(tokenNode, 'token', translated, token),
    tokenp2: piece('tokenp2'),
    expires: piece('expires'),
    expiresIn: piece('expires_in'),
    refreshToken: piece('refreshToken'),
  };
}

/** In place of a schema that is not there, which is a problem already. */
export function unreadPieces({ file, pointer }: ConfigNode): Pieces {
  const token: AnswerPiece = {
    name: 'token',
    place: { kind: 'body', path: ['token'] },
    types: null,
    fallback: undefined,
    encoding: 'none',
    parse: 'text',
    front: '',
    end: '',
    file,
    pointer,
  };
  return { token, tokenp2: null, expires: null, expiresIn: null, refreshToken: null };
}

function answerPiece(
  node: ConfigNode,
  name: string,
  translated: boolean,
  over: { readonly name: string; readonly placement: ConfigNode | null },
): AnswerPiece {
  refuseEncryption(node);
  return {
    name,
    place: placeOf(node, name, translated, over),
    types: readTypes(node.at('type')),
    fallback: node.at('default').value ?? undefined,
    encoding: node.at('encode').flag(false) ? 'base64' : 'none',
    parse: node.at('parse').flag(false) ? 'json' : 'text',
    front: node.at('front').text(),
    end: node.at('end').text(),
    file: node.file,
    pointer: node.pointer,
  };
}

function placeOf(
  node: ConfigNode,
  name: string,
  translated: boolean,
  over: { readonly name: string; readonly placement: ConfigNode | null },
): AnswerPlace {
  const external = node.at('external_name');
  const given = over.name || external.text();
  if (placementOf(over.placement?.isAbsent === false ? over.placement : node.at('placement')) === 'header') {
    if (given === '') {
      external.error({ reason: 'is missing', cure: 'write the name of the header, or set-cookie.NAME' });
    }
    return headerPlace(given);
  }
  if (!translated && over.name === '') return { kind: 'body', path: [name] };
  if (external.value === '' && over.name === '') {
    external.error({
      reason: 'is empty, so that nothing is read',
      cure: `write where ${name} is in the answer`,
    });
  }
  const path = given === '' ? [name] : parseValuePath(given);
  if (path !== null) return { kind: 'body', path };
  external.error({
    reason: `${JSON.stringify(given)} is no place in an answer`,
    cure: 'write name or outer.inner, with \\. for a dot',
  });
  return { kind: 'body', path: [name] };
}

function placementOf(node: ConfigNode): 'body' | 'header' {
  const placement = node.text().toLowerCase();
  if (placement === 'header') return 'header';
  if (placement !== '' && placement !== 'body') {
    node.error({
      reason: `${JSON.stringify(node.value)} is no place of an answer`,
      cure: 'use BODY or HEADER',
    });
  }
  return 'body';
}

function headerPlace(name: string): AnswerPlace {
  const lower = name.toLowerCase();
  if (lower === 'set-cookie') return { kind: 'all-cookies' };
  if (lower === 'requestcookie') return { kind: 'request-cookie' };
  if (lower.startsWith('set-cookie.')) return { kind: 'cookie', name: name.slice('set-cookie.'.length) };
  return { kind: 'header', name };
}

const queryless = /^(?:[\w$@-]|\\\.)+(?:\[\d+\])*(?:\.(?:[\w$@-]|\\\.)+(?:\[\d+\])*)*$/;

/** Where `responseObjects` says that the answer proper begins. */
export function answerRoot(action: ConfigNode): ValuePath {
  const key = responseObject(action).at('key');
  if (key.isAbsent) return [];
  const path = queryless.test(key.text()) ? parseValuePath(key.text()) : null;
  if (path !== null) return path;
  key.error({ reason: 'is more than a member of the answer', cure: 'write names, dots and [n] only' });
  return [];
}

/** The first of `responseObjects`, or the only one. */
export function responseObject(action: ConfigNode): ConfigNode {
  const objects = action.at('responseObjects');
  return objects.elements()[0] ?? objects;
}
