import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { normaliseSlashes } from '../../src/http/slashes.ts';

test('trailing slashes and runs of slashes count as one, and the query stays as it is', () => {
  const cases = [
    ['/', '/'],
    ['//', '/'],
    ['/?a=//', '/?a=//'],
    ['/api/v1/auth/tokens/', '/api/v1/auth/tokens'],
    ['//api///v1/auth/tokens//?u=http://x/', '/api/v1/auth/tokens?u=http://x/'],
    ['/api/v1/x', '/api/v1/x'],
    ['*', '*'],
  ] as const;
  for (const [url, expected] of cases) assert.equal(normaliseSlashes(url), expected);
});

test('whatever the path, what comes out is normal and keeps its segments', () => {
  const part = fc.stringMatching(/^[a-z%|.]{0,3}$/);
  const query = fc.option(fc.stringMatching(/^[a-z/?=]{0,8}$/), { nil: null });
  fc.assert(
    fc.property(fc.array(part), query, (parts, asked) => {
      const tail = asked === null ? '' : `?${asked}`;
      const result = normaliseSlashes(`/${parts.join('/')}${tail}`);
      const path = `/${parts.filter((segment) => segment !== '').join('/')}`;
      assert.equal(result, path + tail);
    }),
  );
});
