/** What two names have in common when they differ only in letter case or in how Unicode composes them. @module */

/** The text that names are compared, found and kept unique by. */
export function nameKey(name: string): string {
  return name.toLowerCase().normalize('NFC');
}
