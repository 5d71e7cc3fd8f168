/** What is allowed and yet unwise, said to the operator as a warning with a code. @module */

export type TokenWarningCode =
  | 'TESSERA_DEFAULT_SIGNING_KEY'
  | 'TESSERA_PUBLISHED_SIGNING_KEY'
  | 'TESSERA_SHORT_SIGNING_KEY'
  | 'TESSERA_EXPIRY_BEYOND_2038';

const messages: Readonly<Record<TokenWarningCode, string>> = {
  TESSERA_DEFAULT_SIGNING_KEY:
    'the signing key is the default one, which everybody knows: anybody can make tokens that it verifies; use one of your own',
  TESSERA_PUBLISHED_SIGNING_KEY:
    'the signing key stands in published examples: anybody can make tokens that it verifies; use one of your own',
  TESSERA_SHORT_SIGNING_KEY:
    'the signing key has fewer than 32 bytes and can be guessed from a single token; use 32 random bytes or more',
  TESSERA_EXPIRY_BEYOND_2038:
    'the token expires after 2038-01-19T03:14:07Z; verifiers that count time in 32 bits refuse it',
};

export interface TokenWarning {
  readonly code: TokenWarningCode;
  readonly message: string;
}

export type Warn = (warning: TokenWarning) => void;

export function tokenWarning(code: TokenWarningCode): TokenWarning {
  return { code, message: messages[code] };
}

const said = new Set<TokenWarningCode>();

/** As a warning of the process, which programs can listen to. */
export const warnProcess: Warn = ({ code, message }) => {
  said.add(code);
  process.emitWarning(message, { type: 'TesseraWarning', code });
};

/** Each code once in the life of the process: granting a thousand tokens is no thousand news. */
export const warnProcessOnce: Warn = (warning) => {
  if (!said.has(warning.code)) warnProcess(warning);
};
