/** Headers that could end early, or that no server would read as they were meant. @module */
import { type Stage, TokenClientError } from '../plan/errors.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a header must not hold.
const unsafe = /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/;

/** RFC 9110 §5.6.2. */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const setByTransport: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'host',
]);

export function isHeaderName(name: string): boolean {
  return headerName.test(name);
}

/** Whether it says how a request is sent, and is therefore nobody's to configure. */
export function isSetByTransport(name: string): boolean {
  return setByTransport.has(name.toLowerCase());
}

/** @throws {TokenClientError} `unsafe_header`: CR, LF, NUL, another control character, or one outside Latin-1 */
export function assertSafeHeader(name: string, value: string, stage: Stage = 'call'): void {
  if (!unsafe.test(value)) return;
  throw new TokenClientError(
    'unsafe_header',
    stage,
    `The header "${name}" would hold a character that no header may carry.`,
    { cure: 'Look at what the token endpoint answers, and place the token elsewhere or in {b64}…{/b64}.' },
  );
}
