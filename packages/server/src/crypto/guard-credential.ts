/** What guards of an application prove themselves with: its id and 256 random bits, kept as a hash. @module */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '@tessera/token';
import type { ApplicationId } from '../domain/ids.ts';

/** Starts every credential, so that one can be recognised where it does not belong. */
const prefix = 'tsg_';
const pattern = /^tsg_([\w-]{22})_([\w-]{43})$/;

export function makeGuardCredential(id: ApplicationId): Secret {
  const name = Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
  return new Secret(`${prefix}${name}_${randomBytes(32).toString('base64url')}`);
}

/** Whose credential a text says it is; null for what can be none. */
export function applicationOfCredential(text: string): ApplicationId | null {
  const name = pattern.exec(text)?.[1];
  if (name === undefined) return null;
  const hex = Buffer.from(name, 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as ApplicationId;
}

/** Nothing can be guessed from it, since what it is of is random. */
export function guardCredentialHash(text: string): string {
  return hash('sha256', text, 'base64url');
}

export function matchesCredential(text: string, credentialHash: string): boolean {
  const [given, kept] = [Buffer.from(guardCredentialHash(text)), Buffer.from(credentialHash)];
  return given.length === kept.length && timingSafeEqual(given, kept);
}
