/** A vault behind an external program: for Keeper, a password manager, or anything else with a command line. @module */
import { requireSecretName } from '../names.ts';
import type { SecretVault } from '../secret-vault.ts';
import { VaultError, type VaultErrorCode, vaultErrorCodes } from '../vault-error.ts';
import { HelperFault, type HelperProgram, maximumHelperBytes, runHelper } from './run-helper.ts';

export interface HelperVaultOptions extends HelperProgram {
  readonly name: string;
  /** Handed to the program as they are. */
  readonly options: Readonly<Record<string, string>>;
}

interface Question {
  readonly action: 'get' | 'set' | 'delete' | 'list';
  readonly name?: string;
  readonly value?: string;
  readonly noClobber?: boolean;
}

interface Answer {
  readonly value?: unknown;
  readonly names?: unknown;
}

export function helperVault(program: HelperVaultOptions): SecretVault {
  const ask = (question: Question): Promise<Answer> => askHelper(program, question);
  return {
    name: program.name,
    kind: 'helper',
    writable: true,
    get: async (name) => {
      const answer = await orNull(ask({ action: 'get', name }));
      if (answer === null) return null;
      if (typeof answer.value === 'string') return answer.value;
      throw fault(program, 'answered without a value');
    },
    set: async (name, value, { noClobber = false } = {}) => {
      requireSecretName(name);
      // With room for what stands around it, and for what JSON makes of it.
      if (Buffer.byteLength(JSON.stringify(value)) > maximumHelperBytes - 16_384)
        throw new VaultError(
          'too_large',
          `the vault "${program.name}" is a helper, which takes values of up to 1 MiB`,
        );
      await ask({ action: 'set', name, value, noClobber });
    },
    delete: async (name) => (await orNull(ask({ action: 'delete', name }))) !== null,
    list: async () => {
      const { names } = await ask({ action: 'list' });
      if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names.toSorted();
      throw fault(program, 'answered without a list of names');
    },
  };
}

async function askHelper(program: HelperVaultOptions, question: Question): Promise<Answer> {
  const { name: vault, options } = program;
  const request = { version: 1, ...question, vault, options };
  const printed = await runHelper(program, request).catch((error: unknown) => {
    throw error instanceof HelperFault ? fault(program, error.message) : error;
  });
  const answer = parse(printed);
  if (answer === null) throw fault(program, 'printed something that is no answer of version 1');
  if (answer.ok === true) return answer;
  throw new VaultError(codeOf(answer.code), wording(program, question, answer));
}

async function orNull(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof VaultError && error.code === 'not_found') return null;
    throw error;
  }
}

function parse(printed: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(printed);
    const isAnswer =
      typeof value === 'object' &&
      value !== null &&
      'version' in value &&
      value.version === 1 &&
      'ok' in value;
    return isAnswer && typeof value.ok === 'boolean'
      ? (value as Record<string, unknown> & { ok: boolean })
      : null;
  } catch {
    return null;
  }
}

function codeOf(code: unknown): VaultErrorCode {
  return vaultErrorCodes.find((known) => known === code) ?? 'unavailable';
}

/** The program's own words, without the value in case it repeats that, and without what could steer a terminal. */
function wording(
  { name, command }: HelperVaultOptions,
  { value }: Question,
  answer: { message?: unknown },
): string {
  const said = typeof answer.message === 'string' ? answer.message : 'no reason given';
  const safe = value ? said.replaceAll(value, '[secret]') : said;
  return `the helper ${command} of the vault "${name}" refused: ${safe.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 300)}`;
}

function fault({ name, command }: HelperVaultOptions, what: string): VaultError {
  return new VaultError(
    'unavailable',
    `the helper ${command} of the vault "${name}" ${what}; try it by hand: it reads one JSON object and prints one`,
  );
}
