/** The interfaces of a Tessera server, by which its access tokens differ. @module */

export type TokenKind = 'ciphertrust' | 'nebularstack' | 'nectar';
