/** What the server was configured to be, checked and complete. @module */
import type { Secret } from '@tessera/token';
import type { NebularOptions } from '../dialects/nebularstack/options.ts';
import type { NectarOptions } from '../dialects/nectar/options.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** PEM texts. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

export interface Config {
  /** 0: any free port. */
  readonly port: number;
  readonly host: string;
  /** Absolute path. */
  readonly dataDir: string;
  /** Null: the embedded database. Holds a password. */
  readonly databaseUrl: Secret | null;
  /** Null: the URL the server listens on. */
  readonly issuer: string | null;
  /** Null: the installation's id. */
  readonly audience: string | null;
  /** Null: plain HTTP. */
  readonly tls: TlsIdentity | null;
  /** A proxy in front that speaks TLS, and the addresses or CIDR ranges whose `X-Forwarded-For` is believed; null: no proxy. */
  readonly proxy: { readonly trusted: readonly string[] } | null;
  readonly adminPassword: Secret | null;
  /** Absolute path. */
  readonly masterKeyFile: string;
  readonly nebularstack: NebularOptions;
  readonly nectar: NectarOptions;
  readonly logLevel: LogLevel;
  /** Absolute path; see `clock.ts`. */
  readonly testClockFile: string | null;
}

/** Everything that is wrong with a configuration, one line each: the setting's name, what is wrong, what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}
