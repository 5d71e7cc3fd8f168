/** Two deny lists as one: what either has is refused. @module */
import type { DenyList } from './deny-list.ts';

/** Null: there is none. */
export function oneList(first: DenyList | null, second: DenyList | null): DenyList | null {
  if (first === null || second === null) return first ?? second;
  return {
    has(key) {
      const [one, other] = [first.has(key), second.has(key)];
      if (typeof one === 'boolean' && typeof other === 'boolean') return one || other;
      return Promise.all([one, other]).then((answers) => answers.some((answer) => answer !== false));
    },
    start() {
      first.start?.();
      second.start?.();
    },
    async close() {
      await Promise.all([first.close?.(), second.close?.()]);
    },
    metrics: () => ({ ...first.metrics?.(), ...second.metrics?.() }),
  };
}
