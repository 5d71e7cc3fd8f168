/** The account API: what people manage of their own, and administrators of others. Contract: docs/dialects/account.md. @module */
import type { Dialect } from '../../http/http-server.ts';
import { acceptBodies } from '../../http/json-body.ts';
import { wordByStatus } from '../../http/status-face.ts';
import { compileReader } from '../../http/strict-reader.ts';
import type { FormatSet } from '../../operations/authenticate-at-any.ts';
import type { Core } from '../../operations/core.ts';
import { type ApiTokenOptions, addApiTokenRoutes } from './api-tokens.ts';
import { addApplicationRoutes } from './applications.ts';
import { guardRoutes } from './caller.ts';
import { addDeniedTokenRoute } from './denied-tokens.ts';
import { describeGuard } from './describe-routes.ts';
import { addJsonWebTokenRoutes } from './json-web-tokens.ts';
import { addMeRoute } from './me.ts';
import { addPasswordRoute } from './password.ts';
import { addSecondFactorRoutes } from './second-factor.ts';
import { addSessionRoutes } from './sessions.ts';

export interface AccountOptions {
  /** The access tokens that prove a caller here: those of every interface. */
  readonly formats: readonly FormatSet[];
  readonly apiTokens: ApiTokenOptions;
}

export function account(core: Core, { formats, apiTokens }: AccountOptions): Dialect {
  return {
    name: 'account',
    prefix: '/account/v1',
    face: wordByStatus,
    plugin: async (scope) => {
      acceptBodies(scope);
      scope.setValidatorCompiler(compileReader);
      // Answers are finished texts: what they are described by serialises nothing.
      scope.setSerializerCompiler(() => JSON.stringify);
      scope.decorateRequest('provedCaller', null);
      guardRoutes(scope, core, formats);
      describeGuard(scope);
      addMeRoute(scope, core);
      addApiTokenRoutes(scope, core, apiTokens);
      addSessionRoutes(scope, core);
      addPasswordRoute(scope, core);
      addSecondFactorRoutes(scope, core);
      addApplicationRoutes(scope, core);
      addJsonWebTokenRoutes(scope, core);
      addDeniedTokenRoute(scope, core);
    },
  };
}
