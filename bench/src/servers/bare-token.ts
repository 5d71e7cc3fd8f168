/** What stands for a refresh token at the bare route: as long as Tessera's, but only the session's id and generation. @module */

export interface BareToken {
  readonly id: string;
  readonly generation: number;
}

const idLength = 36;
const generationLength = 28;

export function writeToken({ id, generation }: BareToken): string {
  return id + String(generation).padStart(generationLength, '0');
}

export function readToken(text: string): BareToken {
  return { id: text.slice(0, idLength), generation: Number(text.slice(idLength)) };
}
