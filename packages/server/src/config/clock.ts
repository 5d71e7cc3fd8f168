/** The server's clock; a test may put it wrong. @module */
import { readFileSync } from 'node:fs';

/**
 * Epoch milliseconds.
 *
 * @param offsetFile holds the milliseconds to add, as text; read at every use, a missing or unreadable one counts as 0
 */
export function createClock(offsetFile: string | null): () => number {
  return offsetFile === null ? Date.now : () => Date.now() + readOffset(offsetFile);
}

function readOffset(file: string): number {
  try {
    const offsetMs = Number(readFileSync(file, 'utf8'));
    return Number.isFinite(offsetMs) ? offsetMs : 0;
  } catch {
    return 0;
  }
}
