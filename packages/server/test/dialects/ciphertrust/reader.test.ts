import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  flag,
  freeObject,
  opaque,
  text,
  texts,
  whole,
  word,
  words,
} from '../../../src/dialects/ciphertrust/fields.ts';
import { compileReader } from '../../../src/dialects/ciphertrust/reader.ts';
import { ProblemError } from '../../../src/domain/problem.ts';
import { Type } from '../../../src/http/schema.ts';

const schema = Type.Object({
  text: Type.Optional(text({ maxLength: 8 })),
  secret: Type.Optional(opaque()),
  flag: Type.Optional(flag()),
  count: Type.Optional(whole({ minimum: 0, maximum: 100 })),
  list: Type.Optional(texts()),
  numbers: Type.Optional(Type.Array(whole())),
  kind: Type.Optional(word(['a', 'b'])),
  kinds: Type.Optional(words(['a', 'b'])),
  free: Type.Optional(freeObject()),
  nested: Type.Optional(Type.Object({ flag: Type.Optional(flag()) })),
  value: Type.Optional(Type.String({ 'x-empty': 'kept' })),
});
const read = compileReader({ schema });

function readFields(data: unknown): unknown {
  const result = read(data);
  if ('error' in result) throw result.error;
  return result.value;
}

describe('careless clients are understood', () => {
  const cases: [unknown, object][] = [
    [null, {}],
    [undefined, {}],
    [{ text: null, flag: '', count: null, list: '', free: null }, {}],
    [{ value: '' }, { value: '' }],
    [{ value: null }, {}],
    [{ flag: 'True' }, { flag: true }],
    [{ flag: 'FALSE' }, { flag: false }],
    [{ count: '43' }, { count: 43 }],
    [{ count: 4e1 }, { count: 40 }],
    [{ list: 'a, b,,c' }, { list: ['a', 'b', 'c'] }],
    [{ list: ['a', null, ''] }, { list: ['a'] }],
    [{ list: [] }, { list: [] }],
    [{ numbers: '[0,5, 30]' }, { numbers: [0, 5, 30] }],
    [{ numbers: '[]' }, { numbers: [] }],
    [{ numbers: ['5', 6] }, { numbers: [5, 6] }],
    [{ kinds: 'a,b' }, { kinds: ['a', 'b'] }],
    [{ nested: { flag: 'true', other: 1 } }, { nested: { flag: true } }],
    [{ free: { a: [null, ''] } }, { free: { a: [null, ''] } }],
    [{ unknown: {}, constructor: 1, toString: 2 }, {}],
    [{ secret: 'a\0\ud800' }, { secret: 'a\0\ud800' }],
  ];
  for (const [data, expected] of cases)
    test(JSON.stringify(data) ?? 'no body', () => assert.deepEqual(readFields(data), expected));
});

describe('a wrong value is refused with the name of its field', () => {
  const cases: Record<string, unknown[]> = {
    text: [1, true, {}, ['a', 'b'], 'too long a text', 'a\0b', '\ud800'],
    flag: ['yes', 1, 0, {}, ['true', 'true']],
    count: [-1, 101, 1.5, '1.5', '0x1', '1e1', ' 1', '99999999999999999', 1e300, {}, ['1', '2'], true],
    list: [1, {}, [{}], [1], 'x'.repeat(2000), Array(101).fill('a')],
    numbers: ['a', [1.5], 'a,b'],
    kind: ['c', 'A', 1],
    kinds: [['a', 'c'], 'a,c'],
    free: ['{}', 1, [], { a: '\0' }, { a: { '\ud800': 1 } }],
    nested: ['x', [], 1],
  };
  for (const [field, values] of Object.entries(cases))
    for (const value of values)
      test(`${field}: ${JSON.stringify(value)?.slice(0, 40)}`, () => {
        assert.throws(
          () => readFields({ [field]: value }),
          (error) =>
            error instanceof ProblemError &&
            error.problem.kind === 'invalid_value' &&
            error.problem.field === field,
        );
      });
});

test('a missing field is malformed and named', () => {
  const required = compileReader({ schema: Type.Object({ name: text() }) });
  for (const data of [{}, { name: null }, { name: '' }, Object.create({ name: 'inherited' })]) {
    const result = required(data);
    assert.ok('error' in result && result.error instanceof ProblemError);
    assert.deepEqual([result.error.problem.kind, result.error.message], ['malformed', 'name is missing.']);
  }
});

test('whatever JSON comes, it is read or refused, and only declared fields come out', () => {
  const names = Object.keys(schema.properties);
  const field = fc.oneof(fc.constantFrom(...names), fc.string());
  fc.assert(
    fc.property(fc.dictionary(field, fc.jsonValue()), (data) => {
      try {
        const value = readFields(data) as object;
        assert.ok(Object.keys(value).every((name) => names.includes(name)));
      } catch (error) {
        assert.ok(error instanceof ProblemError, String(error));
        assert.ok(names.includes(error.problem.field ?? ''));
      }
    }),
  );
});
