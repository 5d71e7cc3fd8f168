/** Reads `auth_field` and `auth_field_format` once, at load. @module */
import { parseValuePath, splitName } from '../datatypes/value-path.ts';
import { compileFormat } from '../formats/compile-format.ts';
import type { Problem } from '../plan/errors.ts';
import type { Format } from '../plan/format.ts';
import type { Placement, Placing } from '../plan/placement.ts';
import { isHeaderName, isSetByTransport } from './safe-header.ts';

export type PlacementProblem = Omit<Problem, 'file'>;

export interface CompiledPlacements {
  readonly placements: readonly Placement[];
  /** With pointers below the service configuration. */
  readonly problems: readonly PlacementProblem[];
  /** What the formats in use are filled with. */
  readonly variables: ReadonlySet<string>;
}

const fieldPointer = '/authentication/auth_field';
const formatPointer = '/authentication/auth_field_format';
const known: ReadonlySet<string> = new Set(['token', 'tokenp2', 'username', 'password']);

/** Fields and formats pair by index; a field without a format uses the first. */
export function compilePlacements(
  fields: Placing['fields'],
  formats: Placing['formats'],
  tokenp2: Placing['tokenp2'],
): CompiledPlacements {
  const problems: PlacementProblem[] = [];
  const variables = new Set<string>();
  const fieldList = listOf(fields);
  const formatList = listOf(formats);
  const at = (pointer: string, value: unknown, index: number): string =>
    Array.isArray(value) ? `${pointer}/${index}` : pointer;

  formatList.forEach((text, index) => {
    const pointer = at(formatPointer, formats, index);
    problems.push(...formatProblems(text, pointer, tokenp2));
    if (index >= fieldList.length) problems.push(surplus(pointer));
  });
  const targets = new Map<string, string>();
  const placements = fieldList.flatMap((field, index) => {
    const pointer = at(fieldPointer, fields, index);
    const text = formatList[index] ?? formatList[0] ?? '{token}';
    const placement = placementOf(field, text);
    if (placement === null) {
      problems.push(unknownField(field, pointer));
      return [];
    }
    const clash = [...targets].find(([target]) => overlaps(target, targetOf(placement)));
    if (clash !== undefined) problems.push(sameTarget(pointer, clash[1]));
    targets.set(targetOf(placement), pointer);
    for (const name of compileFormat(text, (word) => known.has(word)).variables) variables.add(name);
    return [placement];
  });
  return { placements, problems, variables };
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function placementOf(field: string, text: string): Placement | null {
  const plain = (): Format => compileFormat(text, (word) => known.has(word)).format;
  const inUrl = (): Format => compileFormat(text, (word) => known.has(word), 'percent').format;
  if (field === 'header.auth') return { kind: 'basic', format: plain() };
  if (field === 'url') return { kind: 'query', format: inUrl() };
  if (field === 'urlpath') return { kind: 'path', format: inUrl() };
  const header = /^header\.headers\.(.+)$/s.exec(field)?.[1];
  if (header !== undefined) {
    const possible = isHeaderName(header) && !isSetByTransport(header);
    return possible ? { kind: 'header', name: header, format: plain() } : null;
  }
  const body = /^body\.(.+)$/s.exec(field)?.[1];
  if (body === undefined || parseValuePath(body) === null || splitName(body).includes('')) return null;
  return { kind: 'body', path: splitName(body), format: plain() };
}

function targetOf(placement: Placement): string {
  switch (placement.kind) {
    case 'header':
      return `header:${placement.name.toLowerCase()}`;
    case 'basic':
      return 'header:authorization';
    case 'query':
    case 'path':
      return placement.kind;
    case 'body':
      return `body:${placement.path.map((name) => JSON.stringify(name)).join('.')}`;
  }
}

/** The same place, or one inside the other. */
function overlaps(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

function formatProblems(text: string, pointer: string, tokenp2: Placing['tokenp2']): PlacementProblem[] {
  const compiled = compileFormat(text, (word) => known.has(word));
  const problems: PlacementProblem[] = [];
  if (compiled.base64 === 'open') {
    problems.push({
      pointer,
      reason: '{b64} has no end',
      cure: 'write {b64}…{/b64} around what is to be encoded',
      severity: 'error',
      icode: 'AD.401',
    });
  }
  if (tokenp2 === 'absent' && compiled.variables.includes('tokenp2')) {
    problems.push({
      pointer,
      reason: '{tokenp2} is used, and the response schema has no property tokenp2',
      cure: 'add tokenp2 to the response schema, or take it out of the format',
      severity: 'error',
      icode: 'AD.300',
    });
  }
  for (const word of compiled.unknown.filter((one) => one !== 'b64')) {
    problems.push(warning(pointer, `{${word}} is no variable and stays as it is`, variablesCure));
  }
  if (compiled.variables.length === 0) {
    problems.push(
      warning(pointer, 'the format has no variable: every call carries the same text', variablesCure),
    );
  }
  return problems;
}

const variablesCure = 'use {token}, {tokenp2}, {username}, {password} or {b64}…{/b64}';

function warning(pointer: string, reason: string, cure: string): PlacementProblem {
  return { pointer, reason, cure, severity: 'warning', icode: 'AD.300' };
}

function surplus(pointer: string): PlacementProblem {
  return warning(pointer, 'there is no auth_field for this format', 'remove it, or add its auth_field');
}

function unknownField(field: string, pointer: string): PlacementProblem {
  return {
    pointer,
    reason: `${JSON.stringify(field)} is no place for a token`,
    cure: 'use header.headers.NAME, header.auth, url, urlpath or body.NAME',
    severity: 'error',
    icode: 'AD.300',
  };
}

function sameTarget(pointer: string, other: string): PlacementProblem {
  return {
    pointer,
    reason: `it is the same place as ${other}`,
    cure: 'write both values in one format',
    severity: 'error',
    icode: 'AD.300',
  };
}
