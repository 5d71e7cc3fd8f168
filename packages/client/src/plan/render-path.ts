/** Paths of token requests, with `{base_path}`, `{version}`, `{pathvN}`, `{username}`: read once, filled each time. @module */
import { writePairs } from '../datatypes/urlencode.ts';
import { encodeIllegal } from '../formats/compile-format.ts';
import { percentEncode } from '../formats/encode-text.ts';
import { TokenClientError } from './errors.ts';
import type { PathPiece } from './request-recipe.ts';
import type { Target } from './token-plan.ts';

export interface CompiledPath {
  readonly pieces: readonly PathPiece[];
  /** `{word}`s that name nothing known: they stay as they are written. */
  readonly unknown: readonly string[];
}

export interface PathValues {
  readonly target: Target;
  readonly username: string;
  readonly password: string;
  /** Of `authData.uriPathVars`. */
  readonly pathVariables: readonly unknown[];
}

const variable = /\{(base_path|version|username|password|query|pathv([1-9]\d*))\}/g;

export function compilePath(template: string): CompiledPath {
  const pieces: PathPiece[] = [];
  let from = 0;
  for (const match of template.matchAll(variable)) {
    const [whole, name = '', number] = match;
    const before = template.slice(from, match.index);
    const piece = pieceOf(name, number);
    pieces.push({ kind: 'text', text: textBefore(before, piece) }, piece);
    from = match.index + whole.length;
  }
  pieces.push({ kind: 'text', text: template.slice(from) });
  return { pieces: pieces.filter(isSomething).map(legal), unknown: unknownWords(template) };
}

function pieceOf(name: string, number: string | undefined): PathPiece {
  if (number !== undefined) return { kind: 'path-variable', index: Number(number) - 1 };
  if (name === 'base_path') return { kind: 'base-path' };
  return { kind: name as 'version' | 'username' | 'password' | 'query' };
}

/** The slash before these comes and goes with their value; so does the `?` before `{query}`. */
function textBefore(text: string, piece: PathPiece): string {
  if (piece.kind === 'query') return text.endsWith('?') ? text.slice(0, -1) : text;
  const bringsSlash = ['base-path', 'version', 'path-variable'].includes(piece.kind);
  return bringsSlash && text.endsWith('/') ? text.slice(0, -1) : text;
}

function isSomething(piece: PathPiece): boolean {
  return piece.kind !== 'text' || piece.text !== '';
}

function legal(piece: PathPiece): PathPiece {
  return piece.kind === 'text' ? { kind: 'text', text: encodeIllegal(piece.text) } : piece;
}

function unknownWords(template: string): string[] {
  return [...template.replaceAll(variable, '').matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

/**
 * @returns the path with its query, beginning with `/`
 * @throws {TokenClientError} `request_invalid`: a value would be a segment `.` or `..`
 */
export function renderPath(pieces: readonly PathPiece[], values: PathValues): string {
  const text = pieces.map((piece) => rendered(piece, values)).join('');
  const [, path = '', query = ''] = /^([^?]*)(.*)$/s.exec(text) ?? [];
  return `/${path}`.replaceAll(/\/{2,}/g, '/') + query;
}

function rendered(piece: PathPiece, values: PathValues): string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'query':
      return '';
    case 'base-path':
      return slashed(encodeIllegal(values.target.basePath));
    case 'version':
      return slashed(segment(values.target.version));
    case 'username':
      return segment(values.username);
    case 'password':
      return segment(values.password);
    case 'path-variable':
      return slashed(segment(String(values.pathVariables[piece.index] ?? '')));
  }
}

export function slashed(text: string): string {
  return text === '' || text.startsWith('/') ? text : `/${text}`;
}

/** @throws {TokenClientError} what would lead elsewhere than it says */
function segment(text: string): string {
  if (!isDots(text)) return percentEncode(text);
  throw new TokenClientError(
    'request_invalid',
    'token',
    'The path cannot be built: a value in it is "." or "..".',
    {
      cure: 'Give the version, the name or the path variable another value.',
    },
  );
}

/** Whether it would be no name in a path, but this folder or the one above. */
export function isDots(text: string): boolean {
  return text === '.' || text === '..';
}

/** Adds pairs after what the path's query holds. */
export function withQuery(path: string, pairs: string): string {
  if (pairs === '') return path;
  if (!path.includes('?')) return `${path}?${pairs}`;
  return path.endsWith('?') || path.endsWith('&') ? path + pairs : `${path}&${pairs}`;
}

/** A path with options as pairs after its query. */
export function withOptions(path: string, options: Readonly<Record<string, unknown>>): string {
  return withQuery(path, writePairs(options));
}

/** `https://host:port`, without the scheme's own port. */
export function originOf(server: Pick<Target, 'protocol' | 'host' | 'port'>): string {
  const usual = server.protocol === 'https' ? 443 : 80;
  const host = server.host.includes(':') && !server.host.startsWith('[') ? `[${server.host}]` : server.host;
  return `${server.protocol}://${host}${server.port === usual ? '' : `:${server.port}`}`;
}
