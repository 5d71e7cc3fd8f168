/** Every kind of signing key that an installation has. @module */
import { ciphertrustKeys } from '../dialects/ciphertrust/key-use.ts';
import { nebularstackKeys } from '../dialects/nebularstack/key-use.ts';
import { nectarKeys } from '../dialects/nectar/key-use.ts';
import type { KeyUse } from '../domain/signing-key.ts';

export const keyUses: readonly KeyUse[] = [ciphertrustKeys, nebularstackKeys, nectarKeys];
