/** Calls through the original library within this process, one after the other or many at once. @module */
import { createRequire } from 'node:module';

interface RequestHandler {
  genericAdapterRequestNoBasePath(
    path: string,
    method: string,
    query: object,
    body: object,
    headers: object,
    callback: (
      result: { readonly response: unknown } | null,
      error: { readonly icode?: string } | null,
    ) => void,
  ): void;
}

interface Library {
  readonly RequestHandler: new (id: string, properties: object, home: string) => RequestHandler;
}

const silent = (): void => {};

/** @param home with the adapter and the library's own files */
export async function originalCaller(
  home: string,
  properties: object,
  path: string,
): Promise<() => Promise<unknown>> {
  Object.assign(globalThis, {
    log: { trace: silent, debug: silent, info: silent, warn: silent, error: silent, spam: silent },
  });
  const require = createRequire(import.meta.url);
  const { RequestHandler } = require('@itentialopensource/adapter-utils') as Library;
  const handler = new RequestHandler('original', properties, home);
  return () => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    handler.genericAdapterRequestNoBasePath(path, 'GET', {}, {}, {}, (result, error) => {
      if (result === null) reject(new Error(`the original library failed: ${error?.icode}`));
      else resolve(result.response);
    });
    return promise;
  };
}
