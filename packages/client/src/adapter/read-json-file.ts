/** JSON as people leave it in adapter folders. @module */
import { ConfigNode } from './config-node.ts';
import type { Problems } from './problems.ts';

/**
 * Reads a file; a byte order mark and one comma after the last value are forgiven with a warning.
 *
 * @returns null: it is not JSON, which is a problem with its line and column
 */
export function readJsonFile(problems: Problems, file: string, text: string): ConfigNode | null {
  const marked = text.startsWith('\ufeff');
  if (marked) {
    problems.warning(file, '', {
      reason: 'it begins with a byte order mark',
      cure: 'save it as UTF-8 without one',
    });
  }
  const content = marked ? text.slice(1) : text;
  const trimmed = content.trimEnd();
  const value = parse(content);
  if (value !== undefined) return new ConfigNode(problems, file, '', value);
  const forgiven = trimmed.endsWith(',') ? parse(trimmed.slice(0, -1)) : undefined;
  if (forgiven !== undefined) {
    problems.warning(file, '', {
      reason: 'it ends with a comma',
      cure: 'remove the comma after the last bracket',
    });
    return new ConfigNode(problems, file, '', forgiven);
  }
  const { line, column } = faultPosition(content);
  problems.error(file, `line ${line}, column ${column}`, {
    reason: 'it is not JSON',
    cure: 'look for a missing or surplus comma, quote or bracket there',
    icode: 'AD.301',
  });
  return null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Where reading stopped, counted from 1. */
function faultPosition(text: string): { line: number; column: number } {
  const before = text.slice(0, validLength(text));
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** The offset at which the engine gives up: it says so, or quotes the place, which is then found by bisection. */
function validLength(text: string): number {
  const said = faultOffset(text);
  if (said !== null) return said;
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const prefix = text.slice(0, middle);
    if ((faultOffset(prefix) ?? -1) >= prefix.length) good = middle;
    else bad = middle;
  }
  return good;
}

function faultOffset(text: string): number | null {
  try {
    JSON.parse(text);
    return text.length;
  } catch (error) {
    const position = /at position (\d+)/.exec(String(error))?.[1];
    if (position !== undefined) return Number(position);
    return /Unexpected end/.test(String(error)) ? text.length : null;
  }
}
