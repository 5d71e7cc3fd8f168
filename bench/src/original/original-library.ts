/** What is used of the original library, which has no types and writes to a global log. @module */
import { createRequire } from 'node:module';

/** What it calls back with: the answer, or its error in the same shape. */
export interface OriginalResult {
  readonly icode: string;
  readonly response: unknown;
}

export interface RequestHandler {
  genericAdapterRequestNoBasePath(
    path: string,
    method: string,
    query: object,
    body: object,
    headers: object,
    callback: (result: OriginalResult | null, error: OriginalResult | null) => void,
  ): void;
}

export interface OriginalLibrary {
  readonly RequestHandler: new (id: string, properties: object, home: string) => RequestHandler;
}

export const silent = (): void => {};

/** As `require` of the program that uses it gives it; its log says nothing from here on. */
export function loadOriginal(require: NodeJS.Require = createRequire(import.meta.url)): OriginalLibrary {
  Object.assign(globalThis, {
    log: { trace: silent, debug: silent, info: silent, warn: silent, error: silent, spam: silent },
  });
  return require('@itentialopensource/adapter-utils') as OriginalLibrary;
}
