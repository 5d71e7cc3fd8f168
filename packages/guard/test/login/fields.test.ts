/** Name and password come out of a body as they were put in, or not at all. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readLoginBody, readParsedBody } from '../../src/login/fields.ts';

const text = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed());
const spelled = (name: string) =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((upper) => [...name].map((char, at) => (upper[at] ? char.toUpperCase() : char)).join(''));

test('of forms and JSON, in any order and letter case, beside other fields', () => {
  fc.assert(
    fc.property(
      text,
      text,
      text,
      spelled('username'),
      spelled('password'),
      fc.boolean(),
      (userName, password, other, nameKey, passwordKey, isTurned) => {
        const entries = [
          [nameKey, userName],
          ['x', other],
          [passwordKey, password],
        ];
        const fields = isTurned ? entries.toReversed() : entries;
        const form = Buffer.from(String(new URLSearchParams(fields)));
        assert.deepEqual(readLoginBody(form, 'form'), { userName, password });
        const json = Buffer.from(JSON.stringify(Object.fromEntries(fields)));
        assert.deepEqual(readLoginBody(json, 'json'), { userName, password });
        assert.deepEqual(readParsedBody(Object.fromEntries(fields)), { userName, password });
      },
    ),
  );
});

test('no bytes at all make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      readLoginBody(bytes, 'form');
      readLoginBody(bytes, 'json');
    }),
    { numRuns: 1_000 },
  );
  for (const value of [null, undefined, 1, 'x', [], [['username', 'a']], new Map()]) {
    assert.equal(readParsedBody(value), null);
  }
});
