/** What tokens that change scope, second factors and certificates of signing keys need. @module */
import type { EngineWords, Migration } from './migration.ts';

export const scopesAndFactors: Migration = {
  name: '0002-scopes-and-factors',
  statements: (words) => [...secondFactorTables(words), ...signingKeyColumns(words), ...sessionTables(words)],
};

const secondFactorTables = ({ text, bigint, end }: EngineWords): string[] => [
  `alter table users add column second_factor ${text} not null default 'none'`,
  `create table second_factors (
    user_id ${text} not null primary key references users (id),
    state ${text} not null,
    sealed_secret ${text} not null,
    last_step ${bigint} not null,
    created_at_ms ${bigint} not null
  ) ${end}`,
  `create table recovery_codes (
    user_id ${text} not null references users (id),
    hash ${text} not null,
    primary key (user_id, hash)
  ) ${end}`,
];

const signingKeyColumns = ({ bigint }: EngineWords): string[] => [
  `alter table signing_keys add column signs_from_ms ${bigint} not null default 0`,
];

const sessionTables = ({ text, end }: EngineWords): string[] => [
  `alter table sessions add column amr ${text} not null default '["pwd"]'`,
  `create table session_slots (
    user_id ${text} not null references users (id),
    slot ${text} not null,
    session_id ${text} not null,
    primary key (user_id, slot)
  ) ${end}`,
];
