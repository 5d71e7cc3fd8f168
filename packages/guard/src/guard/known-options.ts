/** A misspelt option must not be as good as none: a deny list that is not asked, a key that everybody knows. @module */

/** @throws {TypeError} naming the first that is not known, and those that are */
export function refuseUnknownOptions(of: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`${of} has no option "${unknown}"; it takes ${known.join(', ')}`);
}
