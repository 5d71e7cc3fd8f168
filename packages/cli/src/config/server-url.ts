/** The address of a server as it is configured. @module */

/** @returns comparable by `href`; null: not `http:` or `https:`, or with user, query or fragment */
export function parseServerUrl(text: string): URL | null {
  const url = URL.parse(text);
  const isServer =
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!isServer || url.search !== '' || url.hash !== '') return null;
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/`;
  return url;
}
