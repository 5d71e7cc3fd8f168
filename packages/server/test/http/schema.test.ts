import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type as TypeBox } from 'typebox';
import { Type } from '../../src/http/schema.ts';

test('every form is the JSON Schema that TypeBox builds', () => {
  const build = (type: typeof Type): object =>
    type.Object(
      {
        text: type.String({ maxLength: 3, description: 'x' }),
        flag: type.Optional(type.Boolean()),
        count: type.Optional(type.Integer({ minimum: 0 })),
        list: type.Array(type.Optional(type.String()), { maxItems: 2 }),
        free: type.Unsafe<object>({ type: 'object', additionalProperties: true }),
        nested: type.Optional(type.Object({ only: type.Optional(type.String()) })),
        empty: type.Object({}),
      },
      { description: 'all' },
    );
  assert.deepEqual(JSON.parse(JSON.stringify(build(Type))), JSON.parse(JSON.stringify(build(TypeBox))));
});

test('a field made optional leaves the schema it was made of as it was', () => {
  const text = Type.String();
  Type.Optional(text);
  assert.deepEqual(Type.Object({ text }).required, ['text']);
});
