/** Signing keys as the original takes them: any text or bytes, as they are, however weak; the weak ones are named. @module */
import { importSigningKey, importVerificationKey } from '../import-key.ts';
import type { SigningKey, VerificationKey } from '../key.ts';
import { equalInConstantTime } from '../secret.ts';
import { defaultSigningKey } from './defaults.ts';
import { type TokenWarning, tokenWarning } from './warnings.ts';

/** From documentation that everybody can read, ours included. */
const publishedKeys: readonly string[] = ['SuperSecretKey', 'PleaseUseYourOwnSigningKeyHere'];
const shortKeyBytes = 32;

/** Text is used as its UTF-8 bytes, unhashed and unpadded. */
function signingKeyBytes(signingKey: string | Uint8Array): Uint8Array {
  if (typeof signingKey !== 'string' && !(signingKey instanceof Uint8Array)) {
    throw new TypeError('the signing key is text or bytes');
  }
  const bytes = typeof signingKey === 'string' ? Buffer.from(signingKey, 'utf8') : signingKey;
  if (bytes.byteLength === 0) throw new TypeError('the signing key is empty');
  return bytes;
}

const options = { alg: 'HS256', kid: null, weakSecret: 'allow' } as const;

/** @throws {TypeError} for an empty key; {@link KeyError} for the text of another kind of key, which is no secret */
export function sharedSigningKey(signingKey: string | Uint8Array): SigningKey {
  return importSigningKey(signingKeyBytes(signingKey), options);
}

/** @throws as {@link sharedSigningKey} */
export function sharedVerificationKey(signingKey: string | Uint8Array): VerificationKey {
  return importVerificationKey(signingKeyBytes(signingKey), options);
}

export function isDefaultSigningKey(signingKey: string | Uint8Array): boolean {
  return equalInConstantTime(signingKey, defaultSigningKey);
}

/** What is to be said of a key; of the default one only that it is the default. */
export function warningsOfKey(signingKey: string | Uint8Array): readonly TokenWarning[] {
  if (isDefaultSigningKey(signingKey)) return [tokenWarning('TESSERA_DEFAULT_SIGNING_KEY')];
  const warnings: TokenWarning[] = [];
  if (publishedKeys.some((published) => equalInConstantTime(signingKey, published))) {
    warnings.push(tokenWarning('TESSERA_PUBLISHED_SIGNING_KEY'));
  }
  if (signingKeyBytes(signingKey).byteLength < shortKeyBytes) {
    warnings.push(tokenWarning('TESSERA_SHORT_SIGNING_KEY'));
  }
  return warnings;
}
