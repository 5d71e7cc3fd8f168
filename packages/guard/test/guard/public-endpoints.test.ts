/** Which paths can be public: only those that every router reads alike. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isPlainPath, isPublic, readPublicEndpoint } from '../../src/guard/public-endpoints.ts';
import { headWith } from './head.ts';

const pieces = [
  '/',
  '.',
  '..',
  '%2e',
  '%2E',
  '%2f',
  '%5c',
  '\\',
  '%25',
  '%00',
  '%',
  ';',
  ':',
  '//',
  'docs',
  'api',
  'me',
  'ä',
  '%20',
  '#',
  '?',
  '*',
  '\t',
];
const path = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => `/${parts.join('')}`);

test('a plain path is the same before and after it is resolved, and decoded once it has no new segments', () => {
  let plain = 0;
  fc.assert(
    fc.property(path, (text) => {
      if (!isPlainPath(text)) return;
      plain++;
      assert.equal(new URL(text, 'http://host').pathname, text);
      const decoded = decodeURIComponent(text);
      assert.equal(decoded.split('/').length, text.split('/').length);
      assert.ok(!decoded.split('/').some((segment) => segment === '.' || segment === '..'));
      assert.doesNotMatch(decoded, /[\\%]/);
    }),
    { numRuns: 5_000 },
  );
  assert.ok(plain > 100, `${plain} plain paths`);
});

test('what is public below a path is below it for every reader', () => {
  const docs = [readPublicEndpoint('GET /docs/*')];
  fc.assert(
    fc.property(path, (text) => {
      const target = `/docs${text}`;
      if (!isPublic(docs, { ...headWith(), target })) return;
      const { pathname } = new URL(target, 'http://host');
      assert.ok(pathname.startsWith('/docs/'), target);
      assert.ok(decodeURIComponent(pathname).startsWith('/docs/'), target);
    }),
    { numRuns: 5_000 },
  );
});
