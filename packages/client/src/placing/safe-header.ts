/** Headers that could end early, or that no server would read as they were meant. @module */
import { type Stage, TokenClientError } from '../plan/errors.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a header must not hold.
const unsafe = /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/;

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
