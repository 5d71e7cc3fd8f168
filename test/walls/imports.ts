/** What a source file imports and says, read from its text. @module */

const stringOrComment =
  /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** The text without its comments; they may mention what the code must not. */
export function withoutComments(text: string): string {
  return text.replace(stringOrComment, (_all, string: string | undefined) => string ?? ' ');
}

const importPatterns = [
  /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g,
  /\b(?:require|import\.meta\.resolve)\s*\(\s*['"`]([^'"`]+)['"`]/g,
];

/** Every module specifier of the file, static and dynamic, types included. */
export function importsOf(text: string): string[] {
  const code = withoutComments(text);
  return importPatterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''));
}
