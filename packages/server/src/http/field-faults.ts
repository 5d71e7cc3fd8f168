/** What a schema forbids of a text or a number: the same for every reader of fields. @module */

/** Bounds of one field, as JSON Schema writes them. */
export interface FieldBounds {
  readonly enum?: readonly string[];
  /** Characters; left out: 1024. */
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Set where every character is let through: what compares it knows what to make of it. */
  readonly 'x-text'?: 'opaque';
}

/** How a number is written: `7`, or `"7"` as well where everything is text. */
export type Notation = 'json' | 'text';

/** What is wrong with a text, to be said after the field's name; null: nothing. */
export function textFault(text: string, bounds: FieldBounds): string | null {
  const { enum: allowed, maxLength = 1024 } = bounds;
  if (text.length > maxLength) return `may have at most ${maxLength} characters`;
  // Neither can be stored the same way in both databases.
  const isStorable = !text.includes('\0') && text.isWellFormed();
  if (!isStorable && bounds['x-text'] !== 'opaque') return 'holds characters that are not allowed';
  if (allowed !== undefined && !allowed.includes(text)) return `must be one of: ${allowed.join(', ')}`;
  return null;
}

/** The whole number that is meant, or what is wrong with it, to be said after the field's name. */
export function wholeNumberOf(
  value: unknown,
  notation: Notation,
  bounds: FieldBounds,
): number | { readonly fault: string } {
  const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = bounds;
  const isText = notation === 'text' && typeof value === 'string' && /^-?\d{1,16}$/.test(value);
  const number = isText ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return { fault: 'must be a whole number' };
  if (number < minimum) return { fault: `must be at least ${minimum}` };
  if (number > maximum) return { fault: `must be at most ${maximum}` };
  return number;
}
