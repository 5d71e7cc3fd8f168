/** Fetch-style requests as the guard sees them. @module */
import type { SeenHeaders } from '../context/context-headers.ts';
import type { RequestHead } from '../request/request-head.ts';

/** Several headers of one name are joined by a comma there, which no credential has: they are refused all the same. */
export class FetchHead implements RequestHead {
  readonly #request: Request;
  readonly method: string;
  readonly target: string;
  readonly remoteAddress: string | null;

  constructor(request: Request, remoteAddress: string | null) {
    this.#request = request;
    this.method = request.method;
    this.target = targetOf(request.url);
    this.remoteAddress = remoteAddress;
  }

  get headers(): SeenHeaders {
    return [...this.#request.headers].flat();
  }

  get isPrivate(): boolean {
    return privateUrl.test(this.#request.url);
  }
}

/** No socket is to be seen here. Who sends this machine's name as the host means this machine. */
const privateUrl = /^https:|^http:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])[:/]/;

/** What stands behind the authority of an absolute URL. */
function targetOf(url: string): string {
  const path = url.indexOf('/', url.indexOf('//') + 2);
  return path === -1 ? '/' : url.slice(path);
}
