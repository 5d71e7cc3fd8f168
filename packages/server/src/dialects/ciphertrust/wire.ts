/** How this dialect writes times, ids and lists, and reads the first two. @module */
import { isUuid, type UserId } from '../../domain/ids.ts';
import { refuse } from '../../domain/problem.ts';

/** RFC 3339 in UTC with six fraction digits. */
export function wireTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, -1)}000Z`;
}

export function wireTimeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : wireTime(epochMs);
}

/** The connection of accounts with a password of ours, as requests may call it. */
const localConnection = 'local_account';

/** What the core calls a connection. */
export function coreConnection(connection: string): string {
  return connection === localConnection ? 'local' : connection;
}

/** `local|<uuid>`. */
export function wireUserId(user: { readonly connection: string; readonly userId: string }): string {
  return `${user.connection}|${user.userId}`;
}

/** The user a text names, with its connection or without; null when it can be nobody's. */
export function readUserId(text: string): UserId | null {
  const [connection, id] = text.includes('|') ? text.split('|', 2) : ['local', text];
  const lower = id?.toLowerCase() ?? '';
  return coreConnection(connection ?? '') === 'local' && isUuid(lower) ? (lower as UserId) : null;
}

/** The user a path names. @throws {ProblemError} `not_found` */
export function requireUserId(text: string): UserId {
  const id = readUserId(text);
  if (id === null) throw refuse('not_found', 'unknown_user', 'There is no such user.');
  return id;
}

/** Which part of a list was asked for. */
export interface Range {
  readonly skip: number;
  readonly limit: number;
}

const longestPage = 2000;

export function listRange({ skip = 0, limit = 10 }: { skip?: number; limit?: number }): Range {
  return { skip, limit: Math.min(limit, longestPage) };
}

/** A list's envelope, as JSON text. */
export function pageText<Row>(
  { skip, limit }: Range,
  page: { readonly rows: readonly Row[]; readonly total: number },
  item: (row: Row) => object,
): string {
  return JSON.stringify({ skip, limit, total: page.total, resources: page.rows.map(item) });
}
