/** Which methods a path has, for 405 and OPTIONS; asked only when the router found nothing. @module */

interface KnownPath {
  readonly segments: readonly string[];
  readonly methods: Set<string>;
}

/** Remembers every route's path and methods. */
export class AllowedMethods {
  readonly #paths = new Map<string, KnownPath>();

  add(path: string, methods: readonly string[]): void {
    const known = this.#paths.get(path) ?? { segments: path.split('/'), methods: new Set(['OPTIONS']) };
    for (const method of methods) known.methods.add(method);
    this.#paths.set(path, known);
  }

  /** As an `Allow` header has it, or null for a path that has no route at all. */
  of(path: string): string | null {
    const segments = path.split('/');
    const methods = new Set<string>();
    for (const known of this.#paths.values()) {
      if (matches(known.segments, segments)) for (const method of known.methods) methods.add(method);
    }
    return methods.size === 0 ? null : [...methods].sort().join(', ');
  }
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  if (template.length !== segments.length) return false;
  return template.every(
    (part, index) => part === segments[index] || (part.startsWith(':') && segments[index] !== ''),
  );
}
