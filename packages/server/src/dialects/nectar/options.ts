/** What an operator may set of this dialect. @module */
import type { ApiTokenRules } from '../../domain/api-token.ts';

export interface NectarOptions extends ApiTokenRules {
  readonly accessTokenSeconds: number;
  /** Uses of an access token are noted once in so many seconds; null: not at all. */
  readonly recordUseEverySeconds: number | null;
  /** Whether guards may have user names and passwords checked here (HTTP Basic). */
  readonly basic: 'on' | 'off';
}

export const defaultOptions: NectarOptions = {
  accessTokenSeconds: 7_200,
  recordUseEverySeconds: 60,
  refreshIdleSeconds: null,
  maximumValidityDays: 3_650,
  maximumLive: 50,
  basic: 'on',
};
