/** What an operator does to signing keys with the database and the master key at hand; a running server goes by it at once. @module */
import { X509Certificate } from 'node:crypto';
import { createClock } from '../config/clock.ts';
import type { Config } from '../config/config.ts';
import { MasterKeyError, masterKeyCheck, readMasterKey } from '../crypto/master-key.ts';
import type { KeyFiles } from '../crypto/read-key-files.ts';
import { createSealer, type Sealer } from '../crypto/sealing.ts';
import { ProblemError } from '../domain/problem.ts';
import { type KeyUse, type SigningAlgorithm, type SigningKeyRecord, stateOf } from '../domain/signing-key.ts';
import {
  importSigningKey,
  type KeyKeeper,
  type KeyStart,
  removeSigningKey,
  replaceSigningKey,
} from '../operations/replace-signing-key.ts';
import { type KeyCore, listSigningKeys } from '../operations/signing-keys.ts';
import { type Database, DatabaseRefused } from '../store/database.ts';
import { readInstallation } from '../store/installation.ts';
import { openDatabaseBeside } from '../store/open-beside.ts';
import { keyUses } from './key-uses.ts';

/** A key as an operator sees it; instants in ISO 8601. */
export interface KeyReport {
  readonly kid: string;
  readonly use: string;
  readonly alg: string;
  /** `published`: seen by those who verify, and not used yet. */
  readonly state: 'published' | 'signing' | 'retired';
  readonly signsFrom: string;
  /** From when its tokens are good for nothing; null: not known yet. */
  readonly removedAt: string | null;
  readonly certificate: {
    readonly subject: string;
    readonly issuer: string;
    readonly expiresAt: string;
  } | null;
}

/** Who is at the command line is known to nobody; whoever may read the master key may do this. */
const operator: KeyKeeper = { origin: { requestId: 'command line', address: 'local' }, actorId: null };

/** @param use null: of every use */
export async function listKeys(config: Config, use: string | null): Promise<readonly KeyReport[]> {
  return await withKeys(config, async (core) => {
    const lists = await Promise.all(
      keyUses.filter((of) => use === null || of.use === use).map((of) => report(core, of)),
    );
    return lists.flat();
  });
}

export interface ImportRequest extends KeyFiles {
  readonly use: string;
  readonly start: KeyStart;
}

/** @throws {Error} with a sentence: what is wrong with key or certificate, and what cures it */
export async function importKey(config: Config, { use, start, ...files }: ImportRequest): Promise<KeyReport> {
  return await withKeys(config, async (core) => {
    const keyUse = useNamed(use);
    return await reportOf(core, keyUse, await importSigningKey(core, operator, keyUse, files, start));
  });
}

export interface RotateRequest {
  readonly use: string;
  /** Null: the one in use is kept. */
  readonly alg: string | null;
  readonly start: KeyStart;
}

export async function rotateKey(config: Config, { use, alg, start }: RotateRequest): Promise<KeyReport> {
  return await withKeys(config, async (core) => {
    const keyUse = useNamed(use);
    const rotation = { alg: alg as SigningAlgorithm | null, start };
    return await reportOf(core, keyUse, await replaceSigningKey(core, operator, keyUse, rotation));
  });
}

/** @throws {Error} when there is no such key */
export async function removeKey(config: Config, kid: string): Promise<void> {
  await withKeys(config, async (core) => {
    const { signingKeys } = await core.database.configuration();
    const key = signingKeys.find((candidate) => candidate.kid === kid);
    if (key === undefined) throw new Error('There is no such key.');
    await removeSigningKey(core, operator, useNamed(key.use), kid);
  });
}

async function withKeys<Result>(config: Config, work: (core: KeyCore) => Promise<Result>): Promise<Result> {
  const clock = createClock(config.testClockFile);
  const url = config.databaseUrl?.reveal() ?? null;
  const database = await openDatabaseBeside({ url, dataDir: config.dataDir, log: () => {}, clock });
  try {
    return await work({ database, clock, sealer: await sealerOf(config, database) });
  } catch (error) {
    if (error instanceof ProblemError) throw new Error(sentenceOf(error), { cause: error });
    throw error;
  } finally {
    await database.close();
  }
}

async function sealerOf({ masterKeyFile, dataDir }: Config, database: Database): Promise<Sealer> {
  const installation = await readInstallation(database);
  if (installation === null)
    throw new DatabaseRefused(`The database of ${dataDir} is empty: start the server once, then come back.`);
  const masterKey = readMasterKey(masterKeyFile);
  if (installation.masterKeyCheck === masterKeyCheck(masterKey)) return createSealer(masterKey);
  throw new MasterKeyError(`master key file ${masterKeyFile} is not the one this data was sealed with`);
}

/** A fault of a field is worded as its cure. */
function sentenceOf({ problem, message }: ProblemError): string {
  return problem.field === undefined ? message : `The ${problem.field} ${message}`;
}

function useNamed(name: string): KeyUse {
  const found = keyUses.find(({ use }) => use === name);
  if (found !== undefined) return found;
  throw new Error(
    `There are no keys for "${name}"; there are for ${keyUses.map(({ use }) => use).join(' and ')}.`,
  );
}

async function report(core: KeyCore, keyUse: KeyUse): Promise<readonly KeyReport[]> {
  const { rows } = await listSigningKeys(core, keyUse, { skip: 0, limit: Number.MAX_SAFE_INTEGER });
  return rows.map((key) => describeKey(key, rows, core.clock()));
}

async function reportOf(core: KeyCore, keyUse: KeyUse, { kid }: SigningKeyRecord): Promise<KeyReport> {
  const found = (await report(core, keyUse)).find((key) => key.kid === kid);
  if (found === undefined) throw new Error(`The key ${kid} was removed again meanwhile.`);
  return found;
}

function describeKey(
  key: SigningKeyRecord,
  keysOfUse: readonly SigningKeyRecord[],
  nowMs: number,
): KeyReport {
  return {
    kid: key.kid,
    use: key.use,
    alg: key.alg,
    state: stateOf(key, keysOfUse, nowMs),
    signsFrom: new Date(key.signsFromMs).toISOString(),
    removedAt: key.removedAtMs === null ? null : new Date(key.removedAtMs).toISOString(),
    certificate: certificateOf(key),
  };
}

function certificateOf({ publicJwk }: SigningKeyRecord): KeyReport['certificate'] {
  const chain = publicJwk?.x5c;
  const own = Array.isArray(chain) ? chain[0] : undefined;
  if (typeof own !== 'string') return null;
  const { subject, issuer, validToDate } = new X509Certificate(Buffer.from(own, 'base64'));
  return { subject, issuer, expiresAt: validToDate.toISOString() };
}
