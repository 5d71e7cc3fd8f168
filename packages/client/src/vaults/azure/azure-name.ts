/** Names of secrets as Azure Key Vault takes them: letters, digits and `-`, at most 127, in whatever case. @module */
import { VaultError } from '../vault-error.ts';

const longest = 127;

/**
 * `a–z 0–9` stand; every other byte becomes `-` and two hexadecimal digits: `us.x-Token` → `us-2ex-2d-54oken`.
 *
 * @throws {VaultError} `too_large`
 */
export function azureNameOf(name: string): string {
  const encoded = [...Buffer.from(name, 'utf8')].map(encodeByte).join('');
  if (encoded.length <= longest) return encoded;
  throw new VaultError(
    'too_large',
    `the name "${name}" takes ${encoded.length} characters in Azure Key Vault, which has room for ${longest}`,
  );
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[a-z0-9]/.test(character) ? character : `-${byte.toString(16).padStart(2, '0')}`;
}

/** Null: not written so, but by somebody else. */
export function clearNameOf(encoded: string): string | null {
  if (!/^(?:[a-z0-9]|-[0-9a-f]{2})+$/.test(encoded)) return null;
  const bytes = encoded.replaceAll(/-([0-9a-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
