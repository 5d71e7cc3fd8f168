/** How requests travel, those for tokens and calls alike: frozen data. @module */
import type { Secret } from '@tessera/token';
import type { SecretSource } from './secrets.ts';

export interface Transport {
  /** From connecting to the last byte of the answer of a call. */
  readonly timeoutMs: number;
  readonly redirects: number;
  readonly tls: Tls;
  readonly proxy: HttpProxy | null;
  readonly maxTokenResponseBytes: number;
  /** Null: no limit. */
  readonly maxCallResponseBytes: number | null;
}

export interface Tls {
  readonly verification: 'verify' | 'skip';
  /** PEM texts; null: the system's, or none. */
  readonly caPem: string | null;
  readonly certificatePem: string | null;
  readonly keyPem: Secret | null;
  readonly passphrase: Secret | null;
  readonly ciphers: string | null;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
}

export interface HttpProxy {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly username: string | null;
  readonly password: SecretSource | null;
}
