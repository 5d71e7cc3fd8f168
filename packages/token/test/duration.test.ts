/** Guarantees of durations. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DurationError, formatDuration, parseDuration } from '@tessera/token';
import fc from 'fast-check';

const hundredYears = 36_500 * 86_400;

test('whole numbers with units in falling order are their sum in seconds', () => {
  const examples: readonly (readonly [string, number])[] = [
    ['24h', 86_400],
    ['90m', 5_400],
    ['30d', 2_592_000],
    ['1h30m', 5_400],
    ['1d2h3m4s', 93_784],
    ['1d4s', 86_404],
    ['0s', 0],
    ['007m', 420],
    ['1h90m', 9_000],
    ['36500d', hundredYears],
  ];
  for (const [text, seconds] of examples) assert.equal(parseDuration(text), seconds, text);
});

test('a bare number counts what the caller says, and is refused where the caller says nothing', () => {
  assert.equal(parseDuration('90', { bareNumber: 'minutes' }), 5_400);
  assert.equal(parseDuration('90', { bareNumber: 'seconds' }), 90);
  assert.equal(parseDuration('0', { bareNumber: 'days' }), 0);
  assert.throws(() => parseDuration('90'), DurationError);
});

test('everything else is refused', () => {
  const texts = [
    '',
    'soon',
    '-1',
    '-1h',
    '1.5h',
    '1,5h',
    '+1h',
    '1 h',
    ' 1h',
    '1h ',
    '1h\n',
    '30m1h',
    '1h1h',
    '1H',
    '1w',
  ];
  const more = [
    'h',
    '1',
    '١h',
    '1e3s',
    '0x10s',
    'P1D',
    '36501d',
    '9999999999d',
    '99999999999s',
    '1h30',
    'd1',
    'Infinity',
  ];
  for (const text of [...texts, ...more]) assert.throws(() => parseDuration(text), DurationError, text);
  for (const text of ['', '-1', '1.5', '1e3', ' 1', '52560001']) {
    assert.throws(() => parseDuration(text, { bareNumber: 'minutes' }), DurationError, text);
  }
});

test('a duration survives being written and read', () => {
  fc.assert(
    fc.property(fc.nat(hundredYears), (seconds) => {
      assert.equal(parseDuration(formatDuration(seconds)), seconds);
    }),
  );
  assert.deepEqual([0, 59, 60, 5_400, 86_400, 93_784].map(formatDuration), [
    '0s',
    '59s',
    '1m',
    '1h30m',
    '1d',
    '1d2h3m4s',
  ]);
});

test('what is not a duration is not written', () => {
  for (const seconds of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, hundredYears + 1]) {
    assert.throws(() => formatDuration(seconds), RangeError);
  }
});
