import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findMasterKey, MasterKeyError, makeMasterKey } from '../../src/crypto/master-key.ts';
import { createSealer } from '../../src/crypto/sealing.ts';

const folder = mkdtempSync(join(tmpdir(), 'tessera-keys-'));
after(() => rmSync(folder, { recursive: true }));

test('a master key is made once, for its owner alone, and is the same from then on', () => {
  const file = join(folder, 'new', 'master.key');
  const first = makeMasterKey(file).derive('a');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(makeMasterKey(file).derive('a'), first);
  assert.notDeepEqual(makeMasterKey(file).derive('b'), first);
  assert.ok(!readFileSync(file, 'latin1').includes(first.toString('hex')));
});

test('a master key file that others can read, or that holds something else, is refused with the cure', () => {
  const file = join(folder, 'bad.key');
  writeFileSync(file, 'secret\n', { mode: 0o600 });
  assert.throws(
    () => findMasterKey(file),
    (error) => error instanceof MasterKeyError && error.message.includes('64 hexadecimal'),
  );
  chmodSync(file, 0o644);
  assert.throws(
    () => findMasterKey(file),
    (error) => error instanceof MasterKeyError && error.message.includes('chmod 600'),
  );
});

test('what was sealed opens only whole, with its own label and its own master key', () => {
  const sealer = createSealer(makeMasterKey(join(folder, 'one.key')));
  const sealed = sealer.seal('the plain text', 'label');
  assert.equal(sealer.open(sealed, 'label'), 'the plain text');
  assert.ok(!Buffer.from(sealed, 'base64url').includes('plain'));
  assert.throws(() => sealer.open(sealed, 'other label'));
  assert.throws(() => createSealer(makeMasterKey(join(folder, 'two.key'))).open(sealed, 'label'));
  const bytes = Buffer.from(sealed, 'base64url');
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 1;
    assert.throws(() => sealer.open(changed.toString('base64url'), 'label'));
  }
  assert.throws(() => sealer.open(bytes.subarray(0, 10).toString('base64url'), 'label'));
});
