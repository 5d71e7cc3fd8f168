import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readBody } from '../../../src/dialects/ciphertrust/body.ts';
import { ProblemError } from '../../../src/domain/problem.ts';

const json = 'application/json; charset=utf-8';
const form = 'application/x-www-form-urlencoded';

function read(text: string | Buffer, contentType = ''): object {
  return { ...readBody(Buffer.from(text as string), contentType) };
}

describe('a body is read', () => {
  const cases: [string, string, object][] = [
    ['', json, {}],
    ['', '', {}],
    [' \n', form, {}],
    ['{"a":1}', json, { a: 1 }],
    ['{"a":1}', form, { a: 1 }],
    ['\uFEFF \t{"a":1}', 'text/plain', { a: 1 }],
    ['{"a":1}', '', { a: 1 }],
    ['a=1&b=x+y%21&c=', form, { a: '1', b: 'x y!', c: '' }],
    ['a=1&a=2&a=3', `${form}; charset=UTF-8`, { a: ['1', '2', '3'] }],
    ['%7B=1', form, { '{': '1' }],
  ];
  for (const [text, type, expected] of cases)
    test(`${JSON.stringify(text)} as ${type || 'nothing'}`, () =>
      assert.deepEqual(read(text, type), expected));
});

describe('a body is refused as malformed, and not quoted', () => {
  const secret = 'hunter2';
  const cases: [string | Buffer, string][] = [
    [`{"password":"${secret}"`, json],
    [`{"password":"${secret}"} x`, json],
    [`["${secret}"]`, json],
    [`"${secret}"`, json],
    ['null', json],
    [`password=${secret}`, json],
    [`password=${secret}`, ''],
    [`password=${secret}`, 'text/plain'],
    [`{"__proto__":{"password":"${secret}"}}`, json],
    [`{"a":{"b":[{"__pro\\u0074o__":"${secret}"}]}}`, json],
    ['{"a":'.repeat(5000), json],
    [`{"a":${'['.repeat(40)}1${']'.repeat(40)}}`, json],
    [Buffer.from('{"a":"\xff"}', 'latin1'), json],
  ];
  for (const [body, type] of cases)
    test(`${JSON.stringify(body.toString().slice(0, 40))} as ${type || 'nothing'}`, () => {
      assert.throws(
        () => readBody(Buffer.from(body as string), type),
        (error) => {
          assert.ok(error instanceof ProblemError);
          assert.equal(error.problem.kind, 'malformed');
          return !error.message.includes(secret);
        },
      );
    });
});

test('whatever the bytes and the type, a body is an object or malformed', () => {
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.string().map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, fc.constantFrom(json, form, '', 'x/y'), (body, type) => {
      try {
        assert.equal(typeof readBody(Buffer.from(body), type), 'object');
      } catch (error) {
        assert.ok(error instanceof ProblemError && error.problem.kind === 'malformed', String(error));
      }
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    }),
  );
});
