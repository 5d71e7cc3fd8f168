/** What a load is: requests, connections, and how one request follows from the answer before. @module */

export interface Load {
  readonly port: number;
  /** For each connection the texts of its requests, sent one after the other, round and round. */
  readonly requests: readonly (readonly string[])[];
  /** Where an answer holds the tokens of the same request's next turn; none: requests stay as they are. */
  readonly follow: readonly Follow[];
  /** Between an answer and the connection's next request. */
  readonly pauseMs: number;
  /** What counts as an answer. Anything but a success ends the measurement, unless refusals are part of the game. */
  readonly accept: 'successes' | 'refusals too';
}

export interface Follow {
  /** Stands right before the token in the answer. */
  readonly marker: string;
  /** Characters of the token, always the same. */
  readonly length: number;
  /** Where it stands in the request's text. */
  readonly at: number;
}

/** Stands in a request's body where its token belongs. */
export const tokenSlot = '{token}';

export interface PostOptions {
  readonly path: string;
  readonly contentType: string;
  /** With {@link tokenSlot} where the token goes. */
  readonly body: string;
}

/** A request's text. @see RFC 9112 */
export function postText({ path, contentType, body }: PostOptions, token: string): string {
  return requestText(
    { method: 'POST', path, header: ['Content-Type', contentType] },
    body.replace(tokenSlot, token),
  );
}

/** What a request with a body begins with. */
export interface RequestHead {
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  /** The one that this request has beside those that every request has: name and value. */
  readonly header: readonly [string, string];
}

export function requestText({ method, path, header }: RequestHead, body: string): string {
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    header.join(': '),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

export function getText(path: string, accessToken: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${accessToken}\r\n\r\n`;
}

/** Deals items out to so many connections. */
export function deal<Item>(items: readonly Item[], connections: number): Item[][] {
  return Array.from({ length: connections }, (_, connection) =>
    items.filter((_item, index) => index % connections === connection),
  );
}
