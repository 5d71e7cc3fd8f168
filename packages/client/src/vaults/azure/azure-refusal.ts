/** What Azure Key Vault and its packages refuse, in the words of every vault. @module */
import { InputError } from '../../input-error.ts';
import { VaultError } from '../vault-error.ts';

const longestValueBytes = 25_000;

/** @throws {VaultError} `too_large` */
export function requireShort(vault: string, value: string): void {
  if (Buffer.byteLength(value) <= longestValueBytes) return;
  throw new VaultError(
    'too_large',
    `the vault "${vault}" is Azure's, which holds values of up to 25,000 bytes`,
  );
}

export const isNotFound = (error: unknown): boolean => statusOf(error) === 404;

export const isConflict = (error: unknown): boolean => statusOf(error) === 409;

/** @param at which vault it is, to begin a sentence with */
export function asVaultError(error: unknown, at: string): unknown {
  if (!(error instanceof Error) || error instanceof VaultError || error instanceof InputError) return error;
  const missing = missingPackage(error);
  if (missing !== null)
    return new VaultError('unavailable', `${at} needs the package ${missing}; run: npm install ${missing}`);
  const status = statusOf(error);
  if (status === 401 || status === 403)
    return new VaultError(
      'denied',
      `${at} refuses these credentials, or they may not do this; check its access roles`,
    );
  if (/^(?:CredentialUnavailable|AggregateAuthentication|Authentication)/.test(error.name))
    return new VaultError(
      'denied',
      `${at} got no credentials; run az login, or set AZURE_CLIENT_ID and its secret`,
    );
  const reason = status === null ? reasonOf(error) : `status ${status}`;
  return new VaultError('unavailable', `${at} cannot be used (${reason}); try again, or check its address`);
}

function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null;
  return typeof error.statusCode === 'number' ? error.statusCode : null;
}

function missingPackage(error: Error): string | null {
  if (!('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') return null;
  return /@azure\/(?:identity|keyvault-secrets)/.exec(error.message)?.[0] ?? null;
}

function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
