/** Text as URLs and forms carry it. A lone surrogate, which no UTF-8 can spell, becomes U+FFFD. @module */

/** RFC 3986, and `!'()*` stay. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** `application/x-www-form-urlencoded` as RFC 6749 appendix B wants it: a space becomes `+`. */
export function formEncode(text: string): string {
  return percentEncode(text)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** The text itself where it is no valid percent-encoding. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
