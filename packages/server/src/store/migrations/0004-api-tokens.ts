/** What named tokens for programs need, and what is told of every session's last use. @module */
import type { EngineWords, Migration } from './migration.ts';

export const apiTokens: Migration = {
  name: '0004-api-tokens',
  statements: ({ text, bigint, end }: EngineWords) => [
    `alter table sessions add column client ${text}`,
    `alter table sessions add column used_from ${text}`,
    `create table api_tokens (
      session_id ${text} not null primary key,
      user_id ${text} not null references users (id),
      name ${text} not null,
      live_name ${text}
    ) ${end}`,
    'create unique index api_tokens_by_live_name on api_tokens (user_id, live_name)',
    'create index api_tokens_by_user on api_tokens (user_id, session_id)',
    `alter table signing_keys add column kept_until_ms ${bigint}`,
  ],
};
