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
import { addMeRoute, type MeOptions } from './me.ts';
import { addPasswordRoute } from './password.ts';
import { addSecondFactorRoutes } from './second-factor.ts';
import { addSessionRoutes } from './sessions.ts';

export interface AccountOptions extends MeOptions {
  /** The access tokens that prove a caller here: those of every interface. */
  readonly formats: readonly FormatSet[];
  readonly apiTokens: ApiTokenOptions;
}

export function account(core: Core, { formats, basic, apiTokens }: AccountOptions): Dialect {
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
      describeGuard(scope);
      addMeRoute(scope, core, { formats, basic });
      await scope.register(async (guarded) => {
        guardRoutes(guarded, core, formats);
        addApiTokenRoutes(guarded, core, apiTokens);
        addSessionRoutes(guarded, core);
        addPasswordRoute(guarded, core);
        addSecondFactorRoutes(guarded, core);
        addApplicationRoutes(guarded, core);
        addJsonWebTokenRoutes(guarded, core);
        addDeniedTokenRoute(guarded, core);
      });
    },
  };
}
