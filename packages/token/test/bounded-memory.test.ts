/** Guarantees of the memory that verified tokens are kept in: never another name's value, never more than it may hold. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBoundedMemory } from '@tessera/token';
import fc from 'fast-check';

/** As long as the end by which a name is found, and longer, so that many names have one end. */
const name = fc
  .tuple(fc.constantFrom('', 'a', 'b', 'a.b'), fc.constantFrom('x'.repeat(64), 'y'.repeat(90), 'z'))
  .map((parts) => parts.join(''));
const step = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), name }),
  fc.record({ kind: fc.constant('delete' as const), name }),
  fc.record({ kind: fc.constant('get' as const), name }),
);

test('a name is answered with what was last set for it or not at all, whatever other names end like it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 6 }),
      fc.array(step, { maxLength: 100, size: 'max' }),
      (maxEntries, steps) => {
        const memory = createBoundedMemory<number>(maxEntries);
        const last = new Map<string, number>();
        steps.forEach(({ kind, name: asked }, index) => {
          if (kind === 'set') {
            memory.set(asked, index);
            last.set(asked, index);
            assert.equal(memory.get(asked), maxEntries === 0 ? undefined : index);
          } else if (kind === 'delete') {
            memory.delete(asked);
            last.delete(asked);
            assert.equal(memory.get(asked), undefined);
          } else {
            const value = memory.get(asked);
            if (value !== undefined) assert.equal(value, last.get(asked));
          }
          assert.ok(memory.size <= 2 * Math.ceil(maxEntries / 2));
        });
      },
    ),
    { numRuns: 1_000 },
  );
});

test('what comes again stays, however much else comes between', () => {
  const memory = createBoundedMemory<string>(10);
  memory.set('kept', 'value');
  for (let index = 0; index < 100; index++) {
    memory.set(`other ${index}`, 'other');
    assert.equal(memory.get('kept'), 'value');
  }
  assert.equal(memory.get('other 0'), undefined);
});

test('a cleared memory is empty, and a limit is a whole number', () => {
  const memory = createBoundedMemory<number>(4);
  memory.set('a', 1);
  memory.clear();
  assert.deepEqual([memory.get('a'), memory.size], [undefined, 0]);
  for (const limit of [-1, 0.5, Number.NaN]) assert.throws(() => createBoundedMemory(limit), TypeError);
});
