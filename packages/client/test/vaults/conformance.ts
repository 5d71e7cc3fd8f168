/** What every kind of vault guarantees, whatever is behind it. @module */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import { secret } from '../../../../test/harness/run-folder.ts';
import { type SecretVault, VaultError } from '../../src/index.ts';

/** Opens the same store anew, as another process would. */
export type OpenVault = (t: TestContext) => Promise<() => SecretVault>;

export function vaultConformance(kind: string, openStore: OpenVault): void {
  describe(`a vault of kind ${kind}`, () => {
    test('gives back what was set, also to who opens it anew, and null for what was not', async (t) => {
      const open = await openStore(t);
      const vault = open();
      assert.equal(vault.kind, kind);
      assert.equal(vault.writable, true);
      assert.equal(await vault.get('us.nectar.services-accesstoken'), null);
      await vault.set('us.nectar.services-accesstoken', secret('value-of-the-first'));
      assert.equal(await vault.get('us.nectar.services-accesstoken'), 'value-of-the-first');
      assert.equal(await open().get('us.nectar.services-accesstoken'), 'value-of-the-first');
      assert.equal(await vault.get('us.nectar.services-accesstokeN'), null);
    });

    test('replaces a value, also one that another process has set', async (t) => {
      const open = await openStore(t);
      const [one, other] = [open(), open()];
      await one.set('a', secret('value-of-one'));
      await other.set('a', secret('value-of-other'));
      assert.equal(await other.get('a'), 'value-of-other');
      await other.set('a', secret('value-of-later'));
      assert.equal(await one.get('a'), 'value-of-later');
    });

    test('with noClobber leaves a value as it is and says so, and sets a new one', async (t) => {
      const vault = (await openStore(t))();
      await vault.set('kept', secret('value-that-stays'), { noClobber: true });
      await assert.rejects(
        vault.set('kept', secret('value-unwanted'), { noClobber: true }),
        refusal('exists'),
      );
      assert.equal(await vault.get('kept'), 'value-that-stays');
    });

    test('deletes what is there, tells whether it was, and takes the name again', async (t) => {
      const vault = (await openStore(t))();
      await vault.set('gone', secret('value-to-delete'));
      assert.equal(await vault.delete('gone'), true);
      assert.equal(await vault.get('gone'), null);
      assert.equal(await vault.delete('gone'), false);
      await vault.set('gone', secret('value-come-back'), { noClobber: true });
      assert.equal(await vault.get('gone'), 'value-come-back');
    });

    test('lists names in order, and no values', async (t) => {
      const vault = (await openStore(t))();
      assert.deepEqual(await vault.list(), []);
      for (const name of ['b', 'a.B-c_9', 'Z']) await vault.set(name, secret(`value-under-${name}`));
      assert.deepEqual(await vault.list(), ['Z', 'a.B-c_9', 'b']);
    });

    test('keeps 4 KiB and every character as they are', async (t) => {
      const vault = (await openStore(t))();
      const long = secret(randomBytes(3072).toString('base64'));
      const odd = secret('{"a":"ä€😀\\n"}\n\ttab "quoted" \\ end ');
      await vault.set('long', long);
      await vault.set('odd', odd);
      assert.equal(await vault.get('long'), long);
      assert.equal(await vault.get('odd'), odd);
    });

    test('tells names apart by case, dots, hyphens and every other character', async (t) => {
      const vault = (await openStore(t))();
      const names = [
        'eu.Nectar.services',
        'eu.nectar.services',
        'eu-2enectar',
        'localhost:8420-x@y',
        'é/ü',
        '..',
      ];
      for (const name of names) await vault.set(name, secret(`the-value-of-${name}`));
      for (const name of names) assert.equal(await vault.get(name), `the-value-of-${name}`);
      assert.deepEqual(await vault.list(), names.toSorted());
    });

    test('takes a write after it has said that it would', async (t) => {
      const vault = (await openStore(t))();
      await vault.prepareWrite?.('ready');
      await vault.set('ready', secret('value-after-preparing'));
      await vault.prepareWrite?.('ready');
      assert.deepEqual(await vault.list(), ['ready']);
    });

    test('refuses a name that is none', async (t) => {
      const vault = (await openStore(t))();
      for (const name of ['', 'a\nb', 'x'.repeat(513)])
        await assert.rejects(async () => vault.set(name, 'value'), TypeError);
    });
  });
}

/** A `VaultError` of this code, in whose message no value of these tests stands. */
export function refusal(code: VaultError['code']): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof VaultError, String(error));
    assert.equal(error.code, code, error.message);
    assert.doesNotMatch(error.message, /value-/);
    assert.ok(error.message.length > 40, error.message);
    return true;
  };
}
