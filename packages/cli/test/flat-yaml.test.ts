/** Guarantees of the configuration file's text: what is read, what is refused, what survives a change. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import {
  FlatYamlError,
  formatFlatYaml,
  type Line,
  parseFlatYaml,
  setEntry,
} from '../src/config/flat-yaml.ts';

const values = (lines: readonly Line[]): Record<string, string | null> =>
  Object.fromEntries(lines.flatMap((line) => (line.kind === 'entry' ? [[line.key, line.value]] : [])));

test("the seed's file is read", () => {
  const text =
    'KSCTL_VERBOSITY: false\nKSCTL_URL: https://kylo-system\nKSCTL_USERNAME: admin\nKSCTL_NOSSLVERIFY: true\n';
  assert.deepEqual(values(parseFlatYaml(text)), {
    KSCTL_VERBOSITY: 'false',
    KSCTL_URL: 'https://kylo-system',
    KSCTL_USERNAME: 'admin',
    KSCTL_NOSSLVERIFY: 'true',
  });
});

test('every way to write a text is read, and an empty one is no value', () => {
  const text =
    '\uFEFF# head\r\n---\r\nA: plain text # comment\r\nB: "q\\"\\u00e9" # c\r\nC: \'it\'\'s\'\r\nD:\r\nE: # nothing\r\nF: ~\r\nG: a#b:c\r\nH: ""\r\n';
  assert.deepEqual(values(parseFlatYaml(text)), {
    A: 'plain text',
    B: 'q"é',
    C: "it's",
    D: null,
    E: null,
    F: null,
    G: 'a#b:c',
    H: '',
  });
});

const refused = {
  'an anchor': 'A: &x 1',
  'an alias': 'A: *x',
  'a tag': 'A: !!str 1',
  'a bomb': 'a: &a ["lol"]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
  'a list': '- A',
  'a flow list': 'A: [1, 2]',
  'a flow map': '{A: 1}',
  nesting: 'A:\n  B: 1',
  'a merge key': '<<: {A: 1}',
  'a block text': 'A: |\n  x',
  'a second document': 'A: 1\n---\nB: 2',
  'a directive': '%YAML 1.1\n---\nA: 1',
  'a map inside a line': 'A: B: 1',
  'a quote that does not end': 'A: "x',
  'text behind a quote': 'A: "x" y',
  'a bad escape': 'A: "\\q"',
  'no colon': 'A',
  'a key twice': 'A: 1\nA: 2',
  'brackets that exhaust a parser': `A: ${'['.repeat(30_000)}`,
};
for (const [what, text] of Object.entries(refused)) {
  test(`${what} is refused, without repeating the text`, () => {
    assert.throws(
      () => parseFlatYaml(text.replaceAll('lol', 'secret')),
      (error) => error instanceof FlatYamlError && !error.message.includes('secret'),
    );
  });
}

const key = fc.stringMatching(/^[A-Z][A-Z_]{0,8}$/);
// Lone surrogates have no UTF-8, and a file cannot hold them.
const value = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
  fc.constantFrom(
    'true',
    'null',
    '~',
    '123',
    '1e5',
    '0x1f',
    '- x',
    'a: b',
    'a #b',
    ' a ',
    '---',
    '"',
    "'",
    '#',
    'x:',
    '',
  ),
  // Blanks and line ends elsewhere, but text in YAML 1.2: no-break, em and ideographic space, NEL, LS, PS, BOM.
  fc.string({ unit: fc.constantFrom(...'\u00a0\u2003\u3000\u0085\u2028\u2029\ufeff \t#:x') }),
);

test('what is written is read back as it was, here and by any other YAML parser', () => {
  fc.assert(
    fc.property(fc.dictionary(key, value), (entries) => {
      const lines = Object.entries(entries).reduce<Line[]>(
        (all, [name, text]) => setEntry(all, name, text),
        [],
      );
      const text = formatFlatYaml(lines);
      assert.deepEqual({ ...values(parseFlatYaml(text)) }, { ...entries });
      assert.deepEqual({ ...parse(text, { schema: 'failsafe' }) }, { ...entries });
    }),
    { numRuns: 300 },
  );
});

test('what another YAML writer writes flat is read as it was meant, or refused, never read as something else', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.dictionary(key, value, { minKeys: 1 }), (entries) => {
      let found: Record<string, string | null>;
      try {
        found = values(parseFlatYaml(stringify(entries)));
      } catch (error) {
        assert.ok(error instanceof FlatYamlError);
        return;
      }
      read += 1;
      assert.deepEqual({ ...found }, { ...entries });
    }),
    { numRuns: 300 },
  );
  assert.ok(read > 100);
});

test('a change touches one line: comments, order and all other keys stay', () => {
  const lines = parseFlatYaml('# mine\nA: 1 # one\n\nOTHER: x\nB: 2\n');
  assert.equal(
    formatFlatYaml(setEntry(lines, 'A', 'new text')),
    '# mine\nA: "new text" # one\n\nOTHER: x\nB: 2\n',
  );
  assert.equal(formatFlatYaml(setEntry(lines, 'C', 'c')), '# mine\nA: 1 # one\n\nOTHER: x\nB: 2\nC: c\n');
  assert.equal(formatFlatYaml(setEntry(lines, 'B', null)), '# mine\nA: 1 # one\n\nOTHER: x\n');
});
