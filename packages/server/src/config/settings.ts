/** Every setting of the server: its names, its default, what it is for. `docs/configuration.md` is checked against this table. @module */

export interface Setting {
  /** Name in `tessera.yaml`, lower snake case; lower camel case is read as well. */
  readonly key: string;
  /** Name in the environment, which wins over the file. */
  readonly variable: string;
  /** As the documentation shows it. */
  readonly byDefault: string;
  readonly meaning: string;
}

export type SettingName =
  | 'port'
  | 'host'
  | 'dataDir'
  | 'databaseUrl'
  | 'issuer'
  | 'audience'
  | 'tlsCert'
  | 'tlsKey'
  | 'tlsProxy'
  | 'trustProxy'
  | 'adminPassword'
  | 'masterKeyFile'
  | 'region'
  | 'nebularstackV1MaxLifetime'
  | 'nebularstackLockout'
  | 'nectarAccessTokenSeconds'
  | 'nectarRefreshIdleSeconds'
  | 'nectarMaximumValidityDays'
  | 'nectarMaximumLiveTokens'
  | 'nectarBasic'
  | 'logLevel'
  | 'testClockFile';

/** In the order of the documentation. */
export const settings: Readonly<Record<SettingName, Setting>> = {
  port: {
    key: 'port',
    variable: 'TESSERA_PORT',
    byDefault: '`8420`',
    meaning: 'TCP port to listen on, 0 to 65535; `0` takes any free one.',
  },
  host: {
    key: 'host',
    variable: 'TESSERA_HOST',
    byDefault: '`127.0.0.1`',
    meaning: 'Address to listen on. Anything but loopback needs TLS or `TESSERA_TLS_PROXY`.',
  },
  dataDir: {
    key: 'data_dir',
    variable: 'TESSERA_DATA_DIR',
    byDefault: '`./data`',
    meaning: 'Folder of the embedded database and of the master key; made when it is missing.',
  },
  databaseUrl: {
    key: 'database_url',
    variable: 'TESSERA_DATABASE_URL',
    byDefault: 'the embedded database',
    meaning: 'PostgreSQL to use instead of the embedded database: `postgres://user:password@host:5432/name`.',
  },
  issuer: {
    key: 'issuer',
    variable: 'TESSERA_ISSUER',
    byDefault: 'the address listened on, as a URL',
    meaning: 'Claim `iss` of every token made here. Set it to the URL by which clients reach the server.',
  },
  audience: {
    key: 'audience',
    variable: 'TESSERA_AUDIENCE',
    byDefault: 'a UUID made at the first start',
    meaning: 'Claim `aud` of every token made here.',
  },
  tlsCert: {
    key: 'tls_cert',
    variable: 'TESSERA_TLS_CERT',
    byDefault: 'plain HTTP',
    meaning: 'PEM file of the certificate chain, own certificate first; it must name its hosts (SAN).',
  },
  tlsKey: {
    key: 'tls_key',
    variable: 'TESSERA_TLS_KEY',
    byDefault: 'plain HTTP',
    meaning: 'PEM file of the private key that belongs to `TESSERA_TLS_CERT`.',
  },
  tlsProxy: {
    key: 'tls_proxy',
    variable: 'TESSERA_TLS_PROXY',
    byDefault: '`false`',
    meaning:
      '`true` says that a proxy in front of the server speaks TLS: plain HTTP is then served on any address.',
  },
  trustProxy: {
    key: 'trust_proxy',
    variable: 'TESSERA_TRUST_PROXY',
    byDefault: 'none',
    meaning:
      'Addresses or CIDR ranges of those proxies, separated by commas. Only their `X-Forwarded-For` is believed, and only with `TESSERA_TLS_PROXY`.',
  },
  adminPassword: {
    key: 'admin_password',
    variable: 'TESSERA_ADMIN_PASSWORD',
    byDefault: 'a random one, printed once',
    meaning:
      'Password of the user `admin` when the first start makes it; ignored afterwards. `admin` is refused.',
  },
  masterKeyFile: {
    key: 'master_key_file',
    variable: 'TESSERA_MASTER_KEY_FILE',
    byDefault: '`master.key` in the data folder',
    meaning: 'File of the master key; made when it is missing. Every server of one database needs the same.',
  },
  region: {
    key: 'region',
    variable: 'TESSERA_REGION',
    byDefault: '`default`',
    meaning: 'What this deployment is called in the list of endpoints, where there are several.',
  },
  nebularstackV1MaxLifetime: {
    key: 'nebularstack_v1_max_lifetime',
    variable: 'TESSERA_NEBULARSTACK_V1_MAX_LIFETIME',
    byDefault: '`24h`',
    meaning: 'Longest life that a token of `/v1/token` may be asked for, from one minute on.',
  },
  nebularstackLockout: {
    key: 'nebularstack_lockout',
    variable: 'TESSERA_NEBULARSTACK_LOCKOUT',
    byDefault: '`5/15m 20/60m 100/15m`',
    meaning:
      'How many failures within how long slow sign-ins of `/v1` to `/v3` down: of one name from one address, of one name, from one address.',
  },
  nectarAccessTokenSeconds: {
    key: 'nectar_access_token_seconds',
    variable: 'NECTAR_ACCESS_TOKEN_SECONDS',
    byDefault: '`7200`',
    meaning: 'Seconds that the access token of an API token lives, 60 to 86400.',
  },
  nectarRefreshIdleSeconds: {
    key: 'nectar_refresh_idle_seconds',
    variable: 'NECTAR_REFRESH_IDLE_SECONDS',
    byDefault: '`off`',
    meaning:
      'Seconds after which the refresh token of an API token is dead unless it was renewed, 300 and up, or `off`. For API tokens generated from now on.',
  },
  nectarMaximumValidityDays: {
    key: 'nectar_maximum_validity_days',
    variable: 'NECTAR_MAXIMUM_VALIDITY_DAYS',
    byDefault: '`3650`',
    meaning:
      'Longest validity that may be asked for an API token, 1 to 3650 days; never more than `MAXIMUM_REFRESH_TOKEN_LIFETIME`.',
  },
  nectarMaximumLiveTokens: {
    key: 'nectar_maximum_live_tokens',
    variable: 'NECTAR_MAXIMUM_LIVE_TOKENS',
    byDefault: '`50`',
    meaning: 'Live API tokens that one user may have, 1 to 1000.',
  },
  nectarBasic: {
    key: 'nectar_basic',
    variable: 'NECTAR_BASIC',
    byDefault: '`on`',
    meaning: '`on` or `off`: whether guards may have user names and passwords (HTTP Basic) checked here.',
  },
  logLevel: {
    key: 'log_level',
    variable: 'TESSERA_LOG_LEVEL',
    byDefault: '`info`',
    meaning: '`debug` (a line for each request), `info`, `warn`, `error` or `silent`.',
  },
  testClockFile: {
    key: 'test_clock_file',
    variable: 'TESSERA_TEST_CLOCK_FILE',
    byDefault: 'none',
    meaning:
      'For tests only: a file with the milliseconds by which the clock is wrong, read again at each use.',
  },
};

/** Names the configuration file itself, so it cannot stand in it. */
export const configFileVariable = 'TESSERA_CONFIG';

/** Read from the working directory when {@link configFileVariable} names no other. */
export const defaultConfigFile = 'tessera.yaml';
