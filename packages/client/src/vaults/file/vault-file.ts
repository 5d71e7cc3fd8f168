/** The text of a file vault: an age file around JSON. @module */
import { VaultError } from '../vault-error.ts';
import { passphraseStanzas } from './passphrase-stanza.ts';
import { cryptoKeyOf, type VaultKey } from './vault-key.ts';

/** Secrets by name. */
export type Secrets = ReadonlyMap<string, string>;

/** What a vault file must be opened with. */
export type KeyKind = 'passphrase' | 'key';

const version = 1;

export interface VaultFile {
  readonly path: string;
  /** As it is registered. */
  readonly vault: string;
}

/**
 * Tells by the header alone, so that nobody is asked for a passphrase that would not help.
 *
 * @throws {VaultError} `unavailable`: no age file, one of another version, or one cut off in its first lines
 */
export function keyKindOf(sealed: Buffer, file: VaultFile): KeyKind {
  const [first = '', second = ''] = sealed.toString('latin1', 0, 200).split('\n');
  if (!first.startsWith('age-encryption.org/'))
    throw unavailable(file, sealed.length === 0 ? 'is empty' : 'is no age file', 'restore it from a backup');
  if (first !== 'age-encryption.org/v1')
    throw unavailable(
      file,
      `is of the version ${first.slice(0, 40)}`,
      'use the version of Tessera that wrote it',
    );
  if (second.startsWith('-> scrypt ')) return 'passphrase';
  if (second.startsWith('-> ')) return 'key';
  throw damaged(file);
}

/**
 * A key ready to open and seal with; it remembers what is slow to derive.
 *
 * @throws {VaultError} `denied`: the text is no key
 */
export async function prepareKey(key: VaultKey, file: VaultFile): Promise<PreparedKey> {
  const age = await import('age-encryption');
  const decrypter = new age.Decrypter();
  const encrypter = new age.Encrypter();
  if (key.kind === 'passphrase') {
    const stanzas = passphraseStanzas(age.Stanza, key.text.reveal());
    decrypter.addIdentity(stanzas);
    encrypter.addRecipient(stanzas);
  } else {
    const identity = key.kind === 'bytes' ? cryptoKeyOf(key.text) : key.text.reveal();
    try {
      decrypter.addIdentity(identity);
      encrypter.addRecipient(await age.identityToRecipient(identity));
    } catch {
      throw new VaultError('denied', `the key of the vault "${file.vault}" is damaged: age does not take it`);
    }
  }
  return {
    open: async (sealed) => readSecrets(await decrypt(decrypter, sealed, file), file),
    seal: async (secrets) => {
      const text = JSON.stringify({ v: version, secrets: Object.fromEntries(secrets) });
      return collect(await encrypter.encrypt(streamOf(Buffer.from(text))));
    },
  };
}

export interface PreparedKey {
  /** @throws {VaultError} `denied`: the wrong key; `unavailable`: cut off, damaged, or of another version */
  open(sealed: Buffer): Promise<Secrets>;
  seal(secrets: Secrets): Promise<Uint8Array>;
}

type Decrypter = import('age-encryption').Decrypter;

async function decrypt(decrypter: Decrypter, sealed: Buffer, file: VaultFile): Promise<string> {
  try {
    return (await collect(await decrypter.decrypt(streamOf(sealed)))).toString('utf8');
  } catch (error) {
    // The library's only way to say so.
    const isWrongKey = error instanceof Error && error.message.startsWith('no identity matched');
    if (isWrongKey) throw wrongKey(sealed, file);
    throw damaged(file);
  }
}

/**
 * The library is given streams: of bytes it would make a `Response`, for which Node loads its HTTP client and TLS, half of
 * what a command takes to run.
 */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      controller.enqueue(new Uint8Array(bytes));
      controller.close();
    },
  });
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Uint8Array>));
}

function readSecrets(text: string, file: VaultFile): Secrets {
  const content = parse(text);
  if (content === null) throw damaged(file);
  if (content.v !== version)
    throw unavailable(file, `is of format ${Number(content.v)}`, 'use the version of Tessera that wrote it');
  const entries = Object.entries(content.secrets ?? {});
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function parse(text: string): { readonly v?: unknown; readonly secrets?: object } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function wrongKey(sealed: Buffer, file: VaultFile): VaultError {
  const what = keyKindOf(sealed, file) === 'passphrase' ? 'passphrase' : 'key file';
  return new VaultError(
    'denied',
    `the ${what} does not open the vault "${file.vault}" (${file.path}); give the one that it was made with`,
  );
}

function damaged(file: VaultFile): VaultError {
  return unavailable(file, 'is cut off or damaged', 'restore it from a backup');
}

function unavailable({ vault, path }: VaultFile, what: string, cure: string): VaultError {
  return new VaultError('unavailable', `the file ${path} of the vault "${vault}" ${what}; ${cure}`);
}
