/** Reads and writes values by path; a name is only ever an own member. @module */
import type { ValuePath } from '../plan/fields-recipe.ts';

export type Members = Record<string, unknown>;

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
/** Beyond it a name such as `a[99999999]` would only fill memory. */
const maximumIndex = 999;

/** An object without a prototype, so that no name means anything but a member. */
export function emptyMembers(): Members {
  return Object.create(null) as Members;
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own member of that name; undefined: there is none. */
export function memberOf(value: unknown, name: string): unknown {
  return isMembers(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Splits at dots that have no backslash before them. */
export function splitName(text: string): string[] {
  return text.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'));
}

/**
 * Reads `a.b[2].c\.d`.
 *
 * @returns null: an empty name, an index out of range, or a name that could reach a prototype
 */
export function parseValuePath(text: string): ValuePath | null {
  const steps: (string | number)[] = [];
  for (const part of splitName(text)) {
    const indexed = /^(?<name>[^[\]]*)(?<indexes>(?:\[\d+\])+)$/.exec(part)?.groups;
    const name = indexed?.name ?? part;
    if (forbidden.has(name) || (name === '' && (indexed === undefined || steps.length > 0))) return null;
    if (name !== '') steps.push(name);
    const indexes = [...(indexed?.indexes ?? '').matchAll(/\d+/g)].map(([digits]) => Number(digits));
    if (indexes.some((index) => index > maximumIndex)) return null;
    steps.push(...indexes);
  }
  return steps;
}

/** Of an array where a name is asked for, element 0. */
export function readPath(document: unknown, path: ValuePath): unknown {
  let value = document;
  for (const step of path) {
    if (typeof step === 'number') {
      value = Array.isArray(value) ? value[step] : undefined;
    } else {
      value = memberOf(firstOf(value), step);
    }
  }
  return value;
}

export function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

/** Sets the value at a path, making the objects and arrays on the way; what is there already is kept. */
export function writePath(document: Members, path: ValuePath, value: unknown): void {
  let place: Members | unknown[] = document;
  path.forEach((step, index) => {
    const next = path[index + 1];
    if (next === undefined) {
      setStep(place, step, value);
    } else {
      const there = getStep(place, step);
      const fits = typeof next === 'number' ? Array.isArray(there) : isMembers(there);
      const inner = fits ? (there as Members | unknown[]) : typeof next === 'number' ? [] : emptyMembers();
      setStep(place, step, inner);
      place = inner;
    }
  });
}

function getStep(place: Members | unknown[], step: string | number): unknown {
  if (Array.isArray(place)) return typeof step === 'number' ? place[step] : undefined;
  return memberOf(place, String(step));
}

function setStep(place: Members | unknown[], step: string | number, value: unknown): void {
  if (!Array.isArray(place)) place[String(step)] = value;
  else if (typeof step === 'number') {
    while (place.length < step) place.push(emptyMembers());
    place[step] = value;
  }
}
