/** The server's interfaces that the program speaks. @module */

export const dialects = ['ciphertrust', 'nebularstack'] as const;
export type Dialect = (typeof dialects)[number];

export function parseDialect(text: string): Dialect | null {
  return dialects.find((dialect) => dialect === text) ?? null;
}
