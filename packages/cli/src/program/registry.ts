/** Every command there is: what it is typed as, what it is for, and the file that holds it. @module */
import type { Command } from './command.ts';
import type { Personality } from './personality.ts';

export interface Entry {
  readonly summary: string;
  /** Loads the command's file, which no other command needs. */
  readonly load: () => Promise<{ readonly command: Command }>;
}

/** Words that begin longer commands and do nothing by themselves. */
export const groups: Readonly<Record<string, string>> = {
  tokens: 'API tokens and refresh tokens',
  token: 'JSON web tokens of an API of your own',
  applications: 'APIs of your own whose tokens a server grants and revokes',
  adapter: 'calls of other APIs, by adapters that fetch a token first',
  properties: "the server's settings",
  users: 'user accounts',
  'users pwdpolicy': 'password policies',
  groups: 'groups of users',
  keys: 'keys that sign tokens',
  domains: 'domains',
  tenants: 'tenants, which are parts of domains',
  roles: 'roles',
  assignments: 'which user holds which role where',
  mfa: 'second factors',
  vault: 'vaults, which keep secrets on this machine or elsewhere',
  'api-tokens': 'named tokens for programs',
  sessions: 'where you are signed in',
  system: 'the server itself',
  'system info': 'name, version and uptime',
  completion: 'completion of commands and flags in a shell',
};

const everywhere: Readonly<Record<string, Entry>> = {
  login: { summary: 'sign in and keep a refresh token', load: () => import('../commands/login.ts') },
  logout: { summary: 'end or forget the kept login', load: () => import('../commands/logout.ts') },
  whoami: { summary: 'show who is signed in', load: () => import('../commands/whoami.ts') },
  'tokens create': {
    summary: 'get an API token, and a refresh token if asked for',
    load: () => import('../commands/tokens/create.ts'),
  },
  'tokens list': { summary: 'list refresh tokens', load: () => import('../commands/tokens/list.ts') },
  'tokens get': { summary: 'show one refresh token', load: () => import('../commands/tokens/get.ts') },
  'tokens delete': {
    summary: 'end a refresh token by its id',
    load: () => import('../commands/tokens/delete.ts'),
  },
  'tokens revoke': {
    summary: 'end a refresh token by itself',
    load: () => import('../commands/tokens/revoke.ts'),
  },
  'tokens self-domains': {
    summary: 'list the domains you may get tokens for',
    load: () => import('../commands/tokens/self-domains.ts'),
  },
  'properties list': { summary: 'list settings', load: () => import('../commands/properties/list.ts') },
  'properties get': { summary: 'show one setting', load: () => import('../commands/properties/get.ts') },
  'properties modify': {
    summary: 'change a setting',
    load: () => import('../commands/properties/modify.ts'),
  },
  'properties reset': {
    summary: 'put a setting back to its default',
    load: () => import('../commands/properties/reset.ts'),
  },
  'users create': { summary: 'create a user', load: () => import('../commands/users/create.ts') },
  'users list': { summary: 'list users', load: () => import('../commands/users/list.ts') },
  'users get': { summary: 'show one user', load: () => import('../commands/users/get.ts') },
  'users delete': { summary: 'delete a user', load: () => import('../commands/users/delete.ts') },
  'users modify': { summary: 'change or unlock a user', load: () => import('../commands/users/modify.ts') },
  'users pwdpolicy create': {
    summary: 'create a password policy',
    load: () => import('../commands/users/pwdpolicy/create.ts'),
  },
  'users pwdpolicy list': {
    summary: 'list password policies',
    load: () => import('../commands/users/pwdpolicy/list.ts'),
  },
  'users pwdpolicy get': {
    summary: 'show one password policy',
    load: () => import('../commands/users/pwdpolicy/get.ts'),
  },
  'users pwdpolicy update': {
    summary: 'change a password policy',
    load: () => import('../commands/users/pwdpolicy/update.ts'),
  },
  'users pwdpolicy delete': {
    summary: 'delete a password policy',
    load: () => import('../commands/users/pwdpolicy/delete.ts'),
  },
  'groups create': { summary: 'create a group', load: () => import('../commands/groups/create.ts') },
  'groups list': { summary: 'list groups', load: () => import('../commands/groups/list.ts') },
  'groups get': { summary: 'show one group', load: () => import('../commands/groups/get.ts') },
  'groups delete': { summary: 'delete a group', load: () => import('../commands/groups/delete.ts') },
  'groups adduser': {
    summary: 'put a user into a group',
    load: () => import('../commands/groups/adduser.ts'),
  },
  'groups removeuser': {
    summary: 'take a user out of a group',
    load: () => import('../commands/groups/removeuser.ts'),
  },
  'domains list': { summary: 'list domains', load: () => import('../commands/domains/list.ts') },
  'domains create': { summary: 'create a domain', load: () => import('../commands/domains/create.ts') },
  'system info get': {
    summary: "show the server's name, version and uptime",
    load: () => import('../commands/system/info/get.ts'),
  },
  version: {
    summary: 'show the versions of program and server',
    load: () => import('../commands/version.ts'),
  },
  'completion bash': {
    summary: 'print the script for bash',
    load: () => import('../commands/completion/bash.ts'),
  },
  'completion zsh': {
    summary: 'print the script for zsh',
    load: () => import('../commands/completion/zsh.ts'),
  },
};

/** What the original of `ksctl` does not have, and what reads `TESSERA_*` by itself. */
const onlyTessera: Readonly<Record<string, Entry>> = {
  scope: {
    summary: 'act in another domain or tenant',
    load: () => import('../commands/scope.ts'),
  },
  access: {
    summary: 'list the domains and tenants you may act in',
    load: () => import('../commands/access.ts'),
  },
  'domains get': {
    summary: 'show one domain',
    load: () => import('../commands/domains/get.ts'),
  },
  'domains modify': {
    summary: 'enable or disable a domain',
    load: () => import('../commands/domains/modify.ts'),
  },
  'domains delete': {
    summary: 'delete a domain',
    load: () => import('../commands/domains/delete.ts'),
  },
  'tenants list': {
    summary: 'list tenants',
    load: () => import('../commands/tenants/list.ts'),
  },
  'tenants create': {
    summary: 'create a tenant',
    load: () => import('../commands/tenants/create.ts'),
  },
  'tenants get': {
    summary: 'show one tenant',
    load: () => import('../commands/tenants/get.ts'),
  },
  'tenants modify': {
    summary: 'rename, enable or disable a tenant',
    load: () => import('../commands/tenants/modify.ts'),
  },
  'tenants delete': {
    summary: 'delete a tenant',
    load: () => import('../commands/tenants/delete.ts'),
  },
  'roles list': {
    summary: 'list roles',
    load: () => import('../commands/roles/list.ts'),
  },
  'assignments list': {
    summary: 'list the roles of a user',
    load: () => import('../commands/assignments/list.ts'),
  },
  'assignments create': {
    summary: 'give a user a role',
    load: () => import('../commands/assignments/create.ts'),
  },
  'assignments delete': {
    summary: 'take a role from a user',
    load: () => import('../commands/assignments/delete.ts'),
  },
  'mfa enrol': {
    summary: 'switch on a second factor of your own',
    load: () => import('../commands/mfa/enrol.ts'),
  },
  'mfa disable': {
    summary: 'switch your second factor off',
    load: () => import('../commands/mfa/disable.ts'),
  },
  'mfa recovery': {
    summary: 'get new recovery codes',
    load: () => import('../commands/mfa/recovery.ts'),
  },
  'mfa reset': {
    summary: 'take away the second factor of another user',
    load: () => import('../commands/mfa/reset.ts'),
  },
  'token grant': {
    summary: 'make a JSON web token with a shared key, offline or at a server',
    load: () => import('../commands/token/grant.ts'),
  },
  'token list': {
    summary: 'list the tokens granted at a server',
    load: () => import('../commands/token/list.ts'),
  },
  'token revoke': {
    summary: 'revoke a token granted at a server',
    load: () => import('../commands/token/revoke.ts'),
  },
  'token deny': {
    summary: 'have a token refused that was made elsewhere',
    load: () => import('../commands/token/deny.ts'),
  },
  'applications create': {
    summary: 'register an application whose tokens a server grants',
    load: () => import('../commands/applications/create.ts'),
  },
  'applications list': {
    summary: 'list applications',
    load: () => import('../commands/applications/list.ts'),
  },
  'applications delete': {
    summary: 'delete an application with its tokens',
    load: () => import('../commands/applications/delete.ts'),
  },
  'applications rotate-key': {
    summary: 'give an application a new signing key',
    load: () => import('../commands/applications/rotate-key.ts'),
  },
  'applications rotate-credential': {
    summary: 'give the guards of an application a new credential',
    load: () => import('../commands/applications/rotate-credential.ts'),
  },
  'token decode': {
    summary: 'show what a JSON web token says of itself, unverified',
    load: () => import('../commands/token/decode.ts'),
  },
  'token verify': {
    summary: 'check a JSON web token by a shared key',
    load: () => import('../commands/token/verify.ts'),
  },
  register: {
    summary: 'keep a pair of API tokens in a vault',
    load: () => import('../commands/register.ts'),
  },
  connect: {
    summary: 'log in to a host with a kept pair of API tokens, or a password',
    load: () => import('../commands/connect.ts'),
  },
  call: {
    summary: 'call an API of the connected host',
    load: () => import('../commands/call.ts'),
  },
  'vault list': {
    summary: 'list the registered vaults',
    load: () => import('../commands/vault/list.ts'),
  },
  'vault add': {
    summary: 'register a vault',
    load: () => import('../commands/vault/add.ts'),
  },
  'vault remove': {
    summary: 'forget a vault, not what is in it',
    load: () => import('../commands/vault/remove.ts'),
  },
  'vault set-default': {
    summary: 'choose the vault that is asked first and written to',
    load: () => import('../commands/vault/set-default.ts'),
  },
  'vault unlock': {
    summary: 'open a file vault for some minutes',
    load: () => import('../commands/vault/unlock.ts'),
  },
  'api-tokens generate': {
    summary: 'generate a pair of API tokens, shown this once',
    load: () => import('../commands/api-tokens/generate.ts'),
  },
  'api-tokens list': {
    summary: 'list API tokens, without their values',
    load: () => import('../commands/api-tokens/list.ts'),
  },
  'api-tokens revoke': {
    summary: 'end an API token at once',
    load: () => import('../commands/api-tokens/revoke.ts'),
  },
  'sessions list': {
    summary: 'list where you are signed in',
    load: () => import('../commands/sessions/list.ts'),
  },
  'sessions end': {
    summary: 'end one session, or all others',
    load: () => import('../commands/sessions/end.ts'),
  },
  'adapter check': {
    summary: 'tell everything that is wrong in an adapter and its configuration',
    load: () => import('../commands/adapter/check.ts'),
  },
  'adapter token': {
    summary: 'fetch a token, and show how long it lives',
    load: () => import('../commands/adapter/token.ts'),
  },
  'adapter call': {
    summary: 'call an API with a token that is fetched first',
    load: () => import('../commands/adapter/call.ts'),
  },
  serve: { summary: 'run a server', load: () => import('../commands/serve.ts') },
  backup: {
    summary: 'copy the embedded database while it runs',
    load: () => import('../commands/backup.ts'),
  },
  restore: {
    summary: 'put a copy of the embedded database back',
    load: () => import('../commands/restore.ts'),
  },
  'keys list': {
    summary: 'list the keys that sign or verify tokens',
    load: () => import('../commands/keys/list.ts'),
  },
  'keys import': {
    summary: 'sign with a key and certificate of your own',
    load: () => import('../commands/keys/import.ts'),
  },
  'keys rotate': {
    summary: 'replace the key that signs by a new one',
    load: () => import('../commands/keys/rotate.ts'),
  },
  'keys remove': {
    summary: 'refuse all tokens of a key at once',
    load: () => import('../commands/keys/remove.ts'),
  },
};

/** By what is typed, words separated by one space. */
export function commandsOf(personality: Personality): Readonly<Record<string, Entry>> {
  return personality.name === 'tessera' ? { ...everywhere, ...onlyTessera } : everywhere;
}
