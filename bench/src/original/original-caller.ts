/** Calls through the original library within this process, one after the other or many at once. @module */
import { loadOriginal } from './original-library.ts';

/** @param home with the adapter and the library's own files */
export async function originalCaller(
  home: string,
  properties: object,
  path: string,
): Promise<() => Promise<unknown>> {
  const handler = new (loadOriginal().RequestHandler)('original', properties, home);
  return () => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    handler.genericAdapterRequestNoBasePath(path, 'GET', {}, {}, {}, (result, error) => {
      if (result === null) reject(new Error(`the original library failed: ${error?.icode}`));
      else resolve(result.response);
    });
    return promise;
  };
}
