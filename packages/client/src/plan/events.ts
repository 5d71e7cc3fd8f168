/** What a client tells whoever watches it. No event carries a secret. @module */
import type { ErrorKind, Problem } from './errors.ts';

export type TokenClientEvent =
  | { readonly kind: 'warning'; readonly id: string; readonly problem: Problem }
  | {
      /** A token request goes out; told where the configuration asks for it. */
      readonly kind: 'token_request';
      readonly id: string;
      readonly by: 'request' | 'refresh';
      readonly method: string;
      /** Masked. */
      readonly url: string;
    }
  | {
      readonly kind: 'token_obtained';
      readonly id: string;
      readonly by: 'request' | 'refresh' | 'stub';
      readonly status: number;
      readonly durationMs: number;
      /** Null: not kept beyond those who wait for it. */
      readonly lifetimeMs: number | null;
      /** Eight characters that tell one token from another and nothing else. */
      readonly fingerprint: string;
    }
  | {
      readonly kind: 'token_failed';
      readonly id: string;
      readonly by: 'request' | 'refresh' | 'stub';
      readonly error: ErrorKind;
      readonly status: number | null;
      readonly durationMs: number;
    }
  | {
      readonly kind: 'token_refused';
      readonly id: string;
      readonly status: number;
      readonly fingerprint: string;
    }
  | {
      /** The same credentials were rejected again: they are not tried for so long. */
      readonly kind: 'credentials_paused';
      readonly id: string;
      readonly status: number | null;
      /** In a row. */
      readonly rejections: number;
      readonly pauseMs: number;
    }
  | {
      readonly kind: 'cache_failed';
      readonly id: string;
      readonly operation: 'get' | 'set' | 'delete';
      readonly message: string;
    };
