/** What guards elsewhere have to learn, and the applications whose tokens are registered here. @module */
import { randomUUID } from 'node:crypto';
import type { EngineWords, Migration } from './migration.ts';

export const revocationsAndApplications: Migration = {
  name: '0003-revocations-and-applications',
  statements: (words) => [
    ...revocationTables(words),
    ...sessionTriggers(words),
    ...userTriggers(words),
    ...keyTriggers(words),
    ...applicationTables(words),
  ],
};

/**
 * A revocation is written in the transaction of what it tells of, by triggers, so that no change can be without it. Its
 * `position` is given afterwards, in the order in which transactions became visible: see `store/revocations.ts`.
 */
const revocationTables = ({ text, integer, bigint, counter, end }: EngineWords): string[] => [
  `create table revocations (
    id ${counter},
    position ${bigint},
    until_ms ${bigint},
    kind ${text} not null,
    subject ${text} not null,
    face ${text},
    life_seconds ${bigint},
    generation ${bigint},
    from_ms ${bigint}
  ) ${end}`,
  // A row is in none of these two until it has its position: a renewal, which writes one, waits for each index.
  'create unique index revocations_by_position on revocations (position) where position is not null',
  'create index revocations_by_end on revocations (until_ms) where until_ms is not null',
  'create index revocations_without_position on revocations (id) where position is null',
  `create table revocation_feed (
    singleton ${integer} not null primary key check (singleton = 1),
    epoch ${text} not null,
    head ${bigint} not null,
    issued_before_ms ${bigint}
  ) ${end}`,
  `insert into revocation_feed (singleton, epoch, head) values (1, '${randomUUID()}', 0)`,
];

/** A pair of tokens counts as used when it was presented, or when it was renewed without that. */
const sessionTriggers = ({ trigger }: EngineWords): string[] => [
  ...trigger({
    name: 'revocation_of_ended_session',
    after: 'update of ended_at_ms on sessions',
    when: 'old.ended_at_ms is null and new.ended_at_ms is not null',
    run: `insert into revocations (kind, subject, face, life_seconds) values ('session_ended', new.id, new.face,
      case when new.kind = 'access' then new.absolute_seconds end)`,
  }),
  ...trigger({
    name: 'revocation_of_replaced_generation',
    after: 'update of generation, used_at_ms on sessions',
    when: `new.rotation = 'every-use' and old.used_at_ms is null and old.generation > 1
      and (new.generation > old.generation or new.used_at_ms is not null)`,
    run: `insert into revocations (kind, subject, face, generation, from_ms)
      values ('generation_replaced', old.id, old.face, old.generation, old.issued_at_ms)`,
  }),
];

const isSuspended = (row: string): string =>
  `(${row}.enabled = 0 or ${row}.allowed_auth_methods = '[]' or ${row}.expires_at_ms is not null)`;

/** Of somebody without sessions there are no tokens. */
const hasSessions = 'exists (select 1 from sessions where sessions.user_id = users.id)';

const userTriggers = ({ trigger }: EngineWords): string[] => [
  ...trigger({
    name: 'revocation_of_changed_user',
    after: 'update of enabled, allowed_auth_methods, expires_at_ms on users',
    when: `new.enabled <> old.enabled or new.allowed_auth_methods <> old.allowed_auth_methods
      or coalesce(new.expires_at_ms, -1) <> coalesce(old.expires_at_ms, -1)`,
    run: `insert into revocations (kind, subject, from_ms)
      select case when ${isSuspended('new')} or domains.enabled = 0 then 'user_suspended' else 'user_restored' end, new.id,
        case when new.enabled = 1 and new.allowed_auth_methods <> '[]' and domains.enabled = 1 then new.expires_at_ms end
      from domains where domains.id = new.domain_id`,
  }),
  ...trigger({
    name: 'revocation_of_deleted_user',
    after: 'delete on users',
    when: null,
    run: "insert into revocations (kind, subject) values ('user_suspended', old.id)",
  }),
  ...trigger({
    name: 'revocation_of_changed_domain',
    after: 'update of enabled on domains',
    when: 'new.enabled <> old.enabled',
    run: `insert into revocations (kind, subject, from_ms)
      select case when new.enabled = 0 or ${isSuspended('users')} then 'user_suspended' else 'user_restored' end, users.id,
        case when new.enabled = 1 and users.enabled = 1 and users.allowed_auth_methods <> '[]' then users.expires_at_ms end
      from users where users.domain_id = new.id and ${hasSessions}`,
  }),
];

/** Whoever verifies by the published keys fetches them anew: one may have been removed for having leaked. */
const keyTriggers = ({ trigger }: EngineWords): string[] =>
  ['insert', 'update', 'delete'].flatMap((change) =>
    trigger({
      name: `revocation_at_key_${change}`,
      after: `${change} on signing_keys`,
      when: null,
      run: `insert into revocations (kind, subject) values ('keys_changed', ${change === 'delete' ? 'old' : 'new'}.use)`,
    }),
  );

const applicationTables = ({ text, integer, bigint, end }: EngineWords): string[] => [
  `create table applications (
    id ${text} not null primary key,
    version ${bigint} not null,
    name ${text} not null,
    name_key ${text} not null unique,
    issuer ${text} not null,
    audience ${text} not null,
    sealed_signing_key ${text} not null,
    key_number ${integer} not null,
    credential_hash ${text} not null,
    created_at_ms ${bigint} not null,
    updated_at_ms ${bigint} not null
  ) ${end}`,
  `create table granted_tokens (
    id ${text} not null primary key,
    application_id ${text} not null references applications (id),
    token_key ${text} not null unique,
    key_number ${integer} not null,
    user_id ${text} not null,
    identity ${text} not null,
    roles ${text} not null,
    description ${text} not null,
    created_at_ms ${bigint} not null,
    expires_at_ms ${bigint} not null,
    last_used_at_ms ${bigint},
    denied_from_ms ${bigint}
  ) ${end}`,
  'create index granted_tokens_by_application on granted_tokens (application_id, id)',
  'create index granted_tokens_by_user on granted_tokens (user_id, id)',
  'create index granted_tokens_by_expiry on granted_tokens (expires_at_ms)',
  `create table denied_tokens (
    application_id ${text} not null references applications (id),
    token_key ${text} not null,
    expires_at_ms ${bigint},
    created_at_ms ${bigint} not null,
    denied_by ${text} not null,
    primary key (application_id, token_key)
  ) ${end}`,
  'create index denied_tokens_by_expiry on denied_tokens (expires_at_ms)',
];
