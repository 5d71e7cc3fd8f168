/** What the bench uses of oidc-provider, which comes without types. @module */
declare module 'oidc-provider' {
  import type { Server } from 'node:http';

  interface Grant {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  interface Token {
    save(): Promise<string>;
  }

  export class Provider {
    constructor(issuer: string, configuration: object);
    readonly Client: { find(id: string): Promise<object> };
    readonly Grant: new (
      properties: object,
    ) => Grant;
    readonly RefreshToken: new (
      properties: object,
    ) => Token;
    readonly ClientCredentials: new (
      properties: object,
    ) => Token;
    readonly ResourceServer: new (
      identifier: string,
      properties: object,
    ) => object;
    listen(port: number, host: string): Server;
  }
}
