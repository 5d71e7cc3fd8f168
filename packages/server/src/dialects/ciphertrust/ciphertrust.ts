/** The dialect of a CipherTrust Manager: everything under `/api/v1`. Contract: docs/dialects/ciphertrust.md. @module */
import type { Dialect } from '../../http/http-server.ts';
import type { Core } from '../../operations/core.ts';
import { acceptBodies } from './body.ts';
import { guardRoutes } from './caller.ts';
import { addChangePasswordRoute } from './change-password.ts';
import { describeAnswers, describeGuard } from './describe-routes.ts';
import { addDomainRoutes } from './domains.ts';
import { wordRefusal } from './errors.ts';
import { addGroupRoutes } from './groups.ts';
import { addKeyRoutes } from './keys.ts';
import { addPasswordPolicyRoutes } from './password-policies.ts';
import { addPropertyRoutes } from './properties.ts';
import { compileReader } from './reader.ts';
import { addRevokeRoute } from './revoke.ts';
import { addSelfRoutes } from './self.ts';
import { addStatusRoute, addSystemInfoRoute } from './system.ts';
import { addTokenListRoutes } from './token-list.ts';
import { addTokenRoutes, type TokenCounters } from './tokens.ts';
import { addUserRoutes } from './users.ts';

export function ciphertrust(core: Core, counters: TokenCounters): Dialect {
  return {
    name: 'ciphertrust',
    prefix: '/api/v1',
    face: wordRefusal,
    plugin: async (scope) => {
      acceptBodies(scope);
      scope.setValidatorCompiler(compileReader);
      // Answers are finished texts: what they are described by serialises nothing.
      scope.setSerializerCompiler(() => JSON.stringify);
      scope.decorateRequest('provedCaller', null);
      describeAnswers(scope);
      addTokenRoutes(scope, core, counters);
      addRevokeRoute(scope, core);
      addChangePasswordRoute(scope, core);
      addStatusRoute(scope);
      await scope.register(async (guarded) => {
        guardRoutes(guarded, core);
        describeGuard(guarded);
        addTokenListRoutes(guarded, core);
        addKeyRoutes(guarded, core);
        addPropertyRoutes(guarded, core);
        addSelfRoutes(guarded, core);
        addUserRoutes(guarded, core);
        addGroupRoutes(guarded, core);
        addPasswordPolicyRoutes(guarded, core);
        addDomainRoutes(guarded, core);
        addSystemInfoRoute(guarded, core);
      });
    },
  };
}
