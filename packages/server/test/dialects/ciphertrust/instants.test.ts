import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readInstant, readInstantOrAge } from '../../../src/dialects/ciphertrust/instants.ts';
import { wireTime } from '../../../src/dialects/ciphertrust/wire.ts';
import { ProblemError } from '../../../src/domain/problem.ts';

const nowMs = Date.UTC(2026, 2, 31, 12);
const firstMs = Date.UTC(0, 0, 1) - 1900 * 365.2425 * 86_400_000;

test('what is written as a time is read as the same time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (epochMs) => {
      assert.match(wireTime(epochMs), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      assert.equal(readInstant(wireTime(epochMs), 'at'), epochMs);
    }),
  );
});

test('RFC 3339 with any offset and up to nanoseconds is read', () => {
  const instant = Date.UTC(2026, 4, 1, 10, 16, 21, 486);
  for (const text of [
    '2026-05-01T10:16:21.486Z',
    '2026-05-01t10:16:21.486296123z',
    '2026-05-01T12:16:21.486+02:00',
    '2026-05-01T04:46:21.486-05:30',
    '2026-05-01 10:16:21.486Z',
  ])
    assert.equal(readInstant(text, 'at'), instant, text);
});

test('what is no time is refused with the name of its field', () => {
  for (const text of [
    '',
    'soon',
    '2026-05-01',
    '2026-05-01T10:16:21',
    '2026-02-30T10:16:21Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-05-01T24:00:00Z',
    '2026-05-01T10:60:21Z',
    '2026-05-01T10:16:21+24:00',
    '2026-05-01T10:16:21.0123456789Z',
    '-',
    '1Y',
    '-5D-1Y',
    '-1y',
    '-99999Y',
  ])
    assert.throws(
      () => readInstantOrAge(text, 'refreshed_before', nowMs),
      (error) => error instanceof ProblemError && error.problem.field === 'refreshed_before',
      text,
    );
});

test('an age counts years, months and days of the calendar back from now', () => {
  const cases: Record<string, number> = {
    '-5D': Date.UTC(2026, 2, 26, 12),
    '-1M': Date.UTC(2026, 1, 28, 12),
    '-1Y': Date.UTC(2025, 2, 31, 12),
    '-2Y-1M': Date.UTC(2024, 1, 29, 12),
    '-1Y-2M-5D': Date.UTC(2025, 0, 26, 12),
    '-0D': nowMs,
  };
  for (const [age, expected] of Object.entries(cases))
    assert.equal(readInstantOrAge(age, 'at', nowMs), expected, age);
  assert.ok(readInstantOrAge('-9999Y', 'at', nowMs) < firstMs + 1e15);
});
