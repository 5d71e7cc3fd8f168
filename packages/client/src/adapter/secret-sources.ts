/** Where credentials are: in the configuration, encoded, encrypted by the platform, or in a vault. @module */
import { Secret } from '@tessera/token';
import type { SecretReaders } from '../plan/resolve-secrets.ts';
import type { SecretSource } from '../plan/secrets.ts';
import type { ConfigNode } from './config-node.ts';

const vaultReference = /^\{vault\}([\w-]{1,64})#(.+)$/s;

/**
 * @param encoded whether `{code}` and `{crypt}` mean something here, as they do for secrets
 * @returns null: there is nothing
 */
export function secretSource(
  node: ConfigNode,
  encoded: 'may-be-encoded' | 'plain',
  readers: SecretReaders,
): SecretSource | null {
  const text = node.text();
  if (text === '') return null;
  if (text.startsWith('{vault}')) return vaultSource(node, text, readers);
  if (encoded === 'may-be-encoded' && text.startsWith('{code}')) return decodedSource(node, text);
  if (encoded === 'may-be-encoded' && text.startsWith('{crypt}')) return encryptedSource(node, text, readers);
  return { kind: 'value', value: new Secret(text) };
}

function vaultSource(node: ConfigNode, text: string, { vaults = {} }: SecretReaders): SecretSource | null {
  const [, vault, field] = vaultReference.exec(text) ?? [];
  if (vault === undefined || field === undefined) {
    node.error({ reason: 'names no field of a vault', cure: 'write {vault}name#field' });
    return null;
  }
  if (!Object.hasOwn(vaults, vault)) {
    const names = Object.keys(vaults);
    const cure =
      names.length === 0 ? 'pass it in the option vaults' : `use ${names.join(', ')}, or pass it in vaults`;
    node.error({ reason: `there is no vault ${JSON.stringify(vault)}`, cure });
  }
  return { kind: 'vault', vault, field, text };
}

function decodedSource(node: ConfigNode, text: string): SecretSource | null {
  const encoded = text.slice('{code}'.length);
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length === 0 || bytes.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) {
    node.error({
      reason: '{code} is not followed by base64',
      cure: 'write the plain value, or {vault}name#field',
    });
    return null;
  }
  node.warn({
    reason: '{code} is base64, which hides nothing',
    cure: 'store it in a vault and write {vault}name#field',
  });
  return { kind: 'value', value: new Secret(bytes.toString('utf8')) };
}

function encryptedSource(node: ConfigNode, text: string, readers: SecretReaders): SecretSource {
  if (readers.decryptSecret === undefined) {
    node.error({
      reason: 'is encrypted by the platform',
      cure: 'store the password in a vault and write {vault}name#field, or pass decryptSecret',
    });
  }
  return { kind: 'encrypted', text };
}
