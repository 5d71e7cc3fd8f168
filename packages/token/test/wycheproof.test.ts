/** The vectors of Project Wycheproof: nothing forged is accepted, everything refused beyond that is explained. @module */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importJwks, KeyError, TokenError, verifyJws } from '@tessera/token';

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly jws: unknown;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}
interface Group {
  readonly comment: string;
  readonly public?: object;
  readonly private?: object;
  readonly tests: readonly Vector[];
}

const configured = process.env.TESSERA_WYCHEPROOF_DIR;
const folder = configured ?? fileURLToPath(new URL('../../../../shared/vectors/wycheproof', import.meta.url));
const files = ['json_web_signature_test', 'json_web_key_test', 'json_web_crypto_test'] as const;
/** A clone without the vectors beside it runs everything else; a folder that was named must be there. */
const present = configured !== undefined || existsSync(folder);
const notice = 'WYCHEPROOF VECTORS ARE ABSENT: not run. Set TESSERA_WYCHEPROOF_DIR to their folder.';
if (!present) process.stderr.write(`\n*** ${notice} ***\n\n`);

interface Case {
  readonly group: Group;
  readonly vector: Vector;
}

const casesByFile = new Map<string, readonly Case[]>();

function vectors(file: string): readonly Case[] {
  const known = casesByFile.get(file) ?? readCases(file);
  casesByFile.set(file, known);
  return known;
}

function readCases(file: string): readonly Case[] {
  const { testGroups } = JSON.parse(readFileSync(`${folder}/${file}.json`, 'utf8')) as {
    testGroups: Group[];
  };
  return testGroups
    .filter((group) => !group.comment.startsWith('jwe_')) // encryption is not this package's business
    .flatMap((group) => group.tests.map((vector) => ({ group, vector })));
}

function isAccepted(group: Group, vector: Vector): boolean {
  const key = group.public ?? group.private;
  const keys = key !== undefined && 'keys' in key ? key : { keys: [key] };
  const jws = typeof vector.jws === 'string' ? vector.jws : JSON.stringify(vector.jws);
  try {
    verifyJws(jws, importJwks(keys));
    return true;
  } catch (error) {
    assert.ok(error instanceof TokenError || error instanceof KeyError, String(error));
    return false;
  }
}

/** Rows `| file | tcId | … |` of the README. */
function explainedRefusals(file: string): readonly number[] {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)];
  return rows.filter(([, name]) => name === file).map(([, , tcId]) => Number(tcId));
}

/** Two vectors marked invalid are, key and text, the same as one marked valid: their padding got lost in the file. */
function isAlsoListedAsValid(file: string, group: Group, vector: Vector): boolean {
  return vectors(file).some(
    (other) => other.vector.result === 'valid' && other.group === group && other.vector.jws === vector.jws,
  );
}

for (const file of present ? files : []) {
  test(`no forged vector of ${file} is accepted`, () => {
    const accepted = vectors(file).filter(({ group, vector }) => isAccepted(group, vector));
    const forged = accepted.filter(({ vector }) => vector.result !== 'valid');
    const [contradictory, trulyForged] = [
      forged.filter(({ group, vector }) => isAlsoListedAsValid(file, group, vector)),
      forged.filter(({ group, vector }) => !isAlsoListedAsValid(file, group, vector)),
    ];
    assert.deepEqual(
      trulyForged.map(({ vector }) => `${vector.tcId} ${vector.comment}`),
      [],
    );
    assert.deepEqual(
      contradictory.map(({ vector }) => vector.tcId),
      file === 'json_web_signature_test' ? [367, 370] : [],
    );
    assert.ok(accepted.length > 0, 'the harness accepts what is valid');
  });

  test(`every valid vector of ${file} that is refused is explained in the README, and no other`, () => {
    const refused = vectors(file)
      .filter(({ group, vector }) => vector.result === 'valid' && !isAccepted(group, vector))
      .map(({ vector }) => vector.tcId);
    assert.deepEqual(refused, explainedRefusals(file));
  });
}
