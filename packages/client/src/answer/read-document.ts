/** The body of an answer as the data type says it is. @module */

import { readXml } from '../datatypes/read-xml.ts';
import { readPairs } from '../datatypes/urlencode.ts';
import type { AnswerDatatype } from '../plan/answer-recipe.ts';

/** A body that is not what it was declared to be; says what was found, in no words of the body's own. */
export class DocumentError extends Error {
  override readonly name: 'DocumentError' = 'DocumentError';
}

export interface AnswerDocument {
  /** What pieces of the answer are read from by path; a text: the whole answer is the piece. */
  readonly value: unknown;
  readonly kind: 'text' | 'members';
}

/** @throws {DocumentError} */
export function readDocument(datatype: AnswerDatatype, body: Uint8Array): AnswerDocument {
  const text = decoded(body);
  switch (datatype) {
    case 'plain':
      return { kind: 'text', value: unquoted(text.trim()) };
    case 'xml':
      return { kind: 'text', value: text.trim() };
    case 'urlencode':
      return { kind: 'members', value: readPairs(text.trim()) };
    case 'json':
      return { kind: 'members', value: json(text) };
    case 'xml2json':
      return { kind: 'members', value: xml(text) };
  }
}

function decoded(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new DocumentError('it is not UTF-8');
  }
}

function unquoted(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

function json(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') throw new DocumentError('it is empty');
  try {
    return JSON.parse(trimmed);
  } catch {
    throw new DocumentError(trimmed.startsWith('<') ? 'it is HTML or XML, not JSON' : 'it is not JSON');
  }
}

function xml(text: string): unknown {
  try {
    return readXml(text);
  } catch (error) {
    throw new DocumentError(
      error instanceof Error && error.name === 'XmlError' ? error.message : 'it is not XML',
    );
  }
}
