/** Acts at once on what is known at once: a request whose token is remembered waits for no promise. @module */

export function nowOrLater<T>(value: T | Promise<T>, act: (settled: T) => void): void {
  if (value instanceof Promise) value.then(act);
  else act(value);
}
