/** What a host may be written as, and what no writing gets past. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InputError, parseCloudHost } from '../../src/index.ts';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
const name = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => `${labels.join('.')}.example`);

test('a name in any case, with or without https and a slash, is one and the same host', () => {
  fc.assert(
    fc.property(
      name,
      fc.constantFrom('', 'https://', 'HTTPS://'),
      fc.constantFrom('', '/'),
      (host, before, after) => {
        const parsed = parseCloudHost(`${before}${host.toUpperCase()}${after}`);
        assert.equal(parsed.fqdn, host);
        assert.equal(parsed.url.href, `https://${host}/`);
      },
    ),
  );
});

test('whatever is typed: a host that is given back is the one that is called, over TLS unless it is this machine', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      let parsed: ReturnType<typeof parseCloudHost>;
      try {
        parsed = parseCloudHost(text);
      } catch (error) {
        assert.ok(error instanceof InputError);
        return;
      }
      assert.equal(parsed.url.host, parsed.fqdn);
      assert.equal(parsed.url.pathname + parsed.url.search + parsed.url.username, '/');
      const isLocal = /^(?:(?:.+\.)?localhost|127\.|\[::1\])/.test(parsed.fqdn);
      assert.ok(parsed.url.protocol === 'https:' || isLocal);
      assert.equal(parseCloudHost(parsed.fqdn).fqdn, parsed.fqdn);
    }),
    { numRuns: 2000 },
  );
});
