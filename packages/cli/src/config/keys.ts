/** The keys of the configuration file and, with the same names, of the environment. @module */

/** Without the prefix. In this order a new file holds those that `login` writes. */
export type Key =
  | 'VERBOSITY'
  | 'RESP'
  | 'URL'
  | 'USERNAME'
  | 'REFRESHTOKEN'
  | 'CLIENTID'
  | 'NOSSLVERIFY'
  | 'PASSWORD'
  | 'JWT'
  | 'CAFILE'
  | 'TIMEOUT'
  | 'DIALECT'
  | 'ACCESSTOKEN'
  | 'DOMAIN'
  | 'TENANT'
  | 'AUTH_DOMAIN';
