/** The guard, without any framework: a request's head in, a decision out. Adapters translate. @module */
import type { Principal } from '@tessera/token';
import type { RequestHead } from '../request/request-head.ts';
import type { Answer } from './answer.ts';

export interface Guard {
  /** A promise only where somebody has to be asked. Never throws, never rejects. */
  decide(head: RequestHead): Decision | Promise<Decision>;
  /** Ends what the methods follow. */
  close(): Promise<void>;
}

export type Decision =
  /** To the program, as this principal: of the credential, or `anonymous` at a public endpoint. */
  | { readonly kind: 'pass'; readonly principal: Principal }
  | { readonly kind: 'answer'; readonly answer: Answer };
