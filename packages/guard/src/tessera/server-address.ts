/** Where a Tessera server is, as an operator writes it. @module */

/**
 * `https:`, or `http:` on this machine; a path is the prefix of a proxy.
 *
 * @throws {TypeError} for what a credential must not be sent to
 */
export function serverAddress(text: string | URL): URL {
  const url = new URL(text);
  const isLocal = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal))
    throw new TypeError('a Tessera server is asked over https, or over http on this machine');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new TypeError('the address of a Tessera server has no credentials, query or fragment');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** As servers write it into their tokens unless told otherwise: without a slash at the end. */
export function issuerOf(server: URL): string {
  return server.href.replace(/\/$/, '');
}
