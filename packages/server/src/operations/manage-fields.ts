/** Rules for what administrators write: names, texts, numbers, metadata. Each fault names the field and the cure. @module */
import { ProblemError } from '../domain/problem.ts';
import type { JsonObject, JsonValue } from '../domain/tenancy.ts';

/** Longest metadata object of one field, as JSON text. */
const maxMetadataCharacters = 16_384;
const maxMetadataDepth = 8;

export function invalidValue(field: string, message: string): ProblemError {
  return new ProblemError({ kind: 'invalid_value', reason: 'invalid_value', field, message });
}

/**
 * Checks a name that people tell apart by sight: visible from end to end, one way to write it.
 *
 * @throws {ProblemError} `invalid_value`
 */
export function checkName(field: string, name: string, maxCharacters: number): void {
  checkText(field, name, maxCharacters);
  if (name.trim() === '') throw invalidValue(field, 'write at least one visible character.');
  if (name.trim() !== name) throw invalidValue(field, 'leave out the space at its beginning or end.');
  if (/\p{Cf}/u.test(name)) throw invalidValue(field, 'leave out invisible characters.');
  if (name.normalize('NFC') !== name) throw invalidValue(field, 'write it in composed Unicode form (NFC).');
}

/** @throws {ProblemError} `invalid_value` for a text that is too long or holds control characters or half characters */
function checkText(field: string, text: string, maxCharacters: number): void {
  if ([...text].length > maxCharacters) throw invalidValue(field, `use at most ${maxCharacters} characters.`);
  if (/[\p{Cc}\p{Cs}]/u.test(text))
    throw invalidValue(field, 'leave out control characters and line breaks.');
}

/** @throws {ProblemError} `invalid_value` */
export function checkOptionalText(
  field: string,
  text: string | null | undefined,
  maxCharacters: number,
): void {
  if (text !== null && text !== undefined) checkText(field, text, maxCharacters);
}

/** @throws {ProblemError} `invalid_value` unless it is a whole number in the range, both ends included */
export function checkWhole(field: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= min && value <= max)) return;
  throw invalidValue(field, `use a whole number from ${min} to ${max}.`);
}

/** @throws {ProblemError} `invalid_value` for an object too large or too deep to be kept */
export function checkMetadata(field: string, metadata: JsonObject | undefined): void {
  if (metadata === undefined) return;
  if (isDeeperThan(metadata, maxMetadataDepth))
    throw invalidValue(field, `nest objects and arrays at most ${maxMetadataDepth} deep.`);
  if (JSON.stringify(metadata).length > maxMetadataCharacters)
    throw invalidValue(field, `use at most ${maxMetadataCharacters} characters of JSON.`);
}

function isDeeperThan(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner: JsonValue) => isDeeperThan(inner, levels - 1));
}
