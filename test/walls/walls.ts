/** The walls: which package and which room of the server may import which. See docs/architecture.md. @module */
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { importsOf, withoutComments } from './imports.ts';

/** A file below `packages/`, by its path from the root with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Names of the packages that each package's package.json declares for its published code, by folder name. */
export type Declared = Readonly<Record<string, readonly string[]>>;

/** Arrows between packages; they point one way only. */
const packageArrows: Readonly<Record<string, readonly string[]>> = {
  token: [],
  guard: ['token'],
  client: ['token'],
  server: ['token', 'guard'],
  // Granting and checking tokens offline needs no server and no HTTP.
  cli: ['token', 'client', 'server'],
};

/** The commands that run beside the data, and what they share; every other one speaks HTTP through the client. */
const commandsWithServer = /^packages\/cli\/src\/(?:commands\/(?:serve|backup|restore)|server\/[\w-]+)\.ts$/;

const everything = '*';

/** Rooms of the server: what each may import beside itself; `token` and `guard` are the packages. */
const rooms: Readonly<Record<string, readonly string[] | typeof everything>> = {
  domain: ['token'],
  crypto: ['token', 'domain'],
  store: ['domain'],
  operations: ['token', 'domain', 'crypto', 'store'],
  sso: ['token', 'domain'],
  // The guard reads a request's credentials for the server's own routes as it does for anybody's.
  dialects: ['operations', 'domain', 'http', 'guard'],
  http: ['domain'],
  config: everything,
  app: everything,
  index: everything,
};

/** Rooms that must not know that there are dialects. */
const innerRooms = ['domain', 'crypto', 'store', 'operations'];
const dialectName = /ciphertrust|ksctl|kylo|nebularstack|keystone|nectar/i;

/** Every breach of a wall, as `path: what is wrong`. */
export function breaches(files: readonly SourceFile[], declared: Declared): string[] {
  return files.flatMap((file) =>
    [
      ...importsOf(file.text).flatMap((specifier) => importBreaches(file, specifier, declared)),
      ...nameBreaches(file),
    ].map((breach) => `${file.path}: ${breach}`),
  );
}

function importBreaches(file: SourceFile, specifier: string, declared: Declared): string[] {
  if (isBuiltin(specifier)) return builtinBreaches(file, specifier);
  if (specifier.startsWith('.')) return relativeBreaches(file, specifier);
  return packageBreaches(file, specifier, declared);
}

function builtinBreaches(file: SourceFile, specifier: string): string[] {
  return roomOf(file.path) === 'domain'
    ? [`the domain is pure and imports nothing of Node: ${specifier}`]
    : [];
}

function packageBreaches(file: SourceFile, specifier: string, declared: Declared): string[] {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const from = packageOf(file.path);
  if (!declared[from]?.includes(name)) return [`imports ${name}, which its package.json does not declare`];
  if (!name.startsWith('@tessera/')) {
    return roomOf(file.path) === 'domain' ? [`the domain is pure and imports no package: ${name}`] : [];
  }
  const to = name.slice('@tessera/'.length);
  if (!packageArrows[from]?.includes(to)) return [`package ${from} must not import package ${to}`];
  if (from === 'cli' && to === 'server' && !commandsWithServer.test(file.path)) {
    return ['only the commands that run beside the data import the server'];
  }
  const room = roomOf(file.path);
  return room === null || mayImport(room, to) ? [] : [`room ${room} must not import package ${to}`];
}

function relativeBreaches(file: SourceFile, specifier: string): string[] {
  const target = posix.join(posix.dirname(file.path), specifier);
  const from = packageOf(file.path);
  if (!target.startsWith(`packages/${from}/`)) return [`reaches out of its package: ${specifier}`];
  const [room, targetRoom] = [roomOf(file.path), roomOf(target)];
  if (room === null || targetRoom === null) return [];
  if (room !== targetRoom)
    return mayImport(room, targetRoom) ? [] : [`room ${room} must not import room ${targetRoom}`];
  return dialectOf(file.path) === dialectOf(target) ? [] : [`one dialect imports another: ${specifier}`];
}

function nameBreaches(file: SourceFile): string[] {
  const room = roomOf(file.path);
  if (room === null) return [];
  if (!(room in rooms)) return [`${room} is no room of the server`];
  const name = innerRooms.includes(room) ? dialectName.exec(withoutComments(file.text)) : null;
  return name === null ? [] : [`an inner room names a dialect: ${name[0]}`];
}

function mayImport(room: string, target: string): boolean {
  const allowed = rooms[room];
  return allowed === everything || (allowed?.includes(target) ?? false);
}

function packageOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** The server's room that the file lies in, else `null`. */
function roomOf(path: string): string | null {
  const room = /^packages\/server\/src\/([^/]+?)(?:\.ts)?(?:\/|$)/.exec(path);
  return room?.[1] ?? null;
}

function dialectOf(path: string): string | null {
  return /^packages\/server\/src\/dialects\/([^/]+)\//.exec(path)?.[1] ?? null;
}
