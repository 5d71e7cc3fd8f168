/** The dialect of NebularStack's identity service, versions 1 to 3. Contract: docs/dialects/nebularstack.md. @module */

import type { App } from '../../http/dialect-app.ts';
import type { Dialect } from '../../http/http-server.ts';
import { acceptBodies } from '../../http/json-body.ts';
import { compileReader } from '../../http/strict-reader.ts';
import type { Core } from '../../operations/core.ts';
import { addAccessRoute } from './access.ts';
import { addAssignmentRoutes } from './assignments.ts';
import { guardRoutes } from './caller.ts';
import { describeAnswers, describeGuard } from './describe-routes.ts';
import { addDomainRoutes } from './domains.ts';
import { addEndpointsRoute } from './endpoints.ts';
import { wordRefusal } from './errors.ts';
import { addMfaRoutes } from './mfa.ts';
import type { NebularOptions } from './options.ts';
import { addPasswordRoute } from './password.ts';
import { addTenantRoutes } from './tenants.ts';
import { addV1TokenRoutes } from './token-v1.ts';
import { addV2TokenRoutes } from './token-v2.ts';
import { addV3TokenRoutes } from './token-v3.ts';
import { addUserRoutes } from './users.ts';

interface Routes {
  /** Of which the token itself is the subject, or none is needed. */
  readonly open: (app: App) => void;
  /** With a proved caller. */
  readonly guarded: (app: App) => void;
}

/** One dialect for each version's paths. */
export function nebularstack(core: Core, options: NebularOptions): Dialect[] {
  return [
    version(core, '/v1', {
      open: (app) => {
        addV1TokenRoutes(app, core, options);
        addEndpointsRoute(app, core, options);
      },
      guarded: (app) => {
        addMfaRoutes(app, core, options);
        addPasswordRoute(app, core, options);
        addUserRoutes(app, core);
        addTenantRoutes(app, core);
        addDomainRoutes(app, core);
        addAssignmentRoutes(app, core);
        addAccessRoute(app, core);
      },
    }),
    version(core, '/v2', { open: (app) => addV2TokenRoutes(app, core, options), guarded: () => {} }),
    version(core, '/v3', { open: (app) => addV3TokenRoutes(app, core, options), guarded: () => {} }),
  ];
}

function version(core: Core, prefix: string, routes: Routes): Dialect {
  return {
    name: 'nebularstack',
    prefix,
    face: wordRefusal,
    plugin: async (scope) => {
      acceptBodies(scope);
      scope.setValidatorCompiler(compileReader);
      scope.decorateRequest('provedCaller', null);
      describeAnswers(scope);
      routes.open(scope);
      await scope.register(async (guarded) => {
        describeGuard(guarded);
        guardRoutes(guarded, core);
        routes.guarded(guarded);
      });
    },
  };
}
