/** What guards elsewhere ask this server: everything under `/guard/v1`. Contract: docs/dialects/guards.md. @module */
import type { Application } from '../../domain/application.ts';
import type { Dialect } from '../../http/http-server.ts';
import { acceptBodies } from '../../http/json-body.ts';
import { wordByStatus } from '../../http/status-face.ts';
import { compileReader } from '../../http/strict-reader.ts';
import type { FormatSet } from '../../operations/authenticate-at-any.ts';
import type { Core } from '../../operations/core.ts';
import type { RevocationFollower } from '../../operations/follow-revocations.ts';
import { guardProof } from '../../operations/prove-guard.ts';
import { describeRoutes } from './describe-routes.ts';
import { proveGuards } from './guard.ts';
import { addIntrospectionRoutes } from './introspect.ts';
import { addRevocationRoute } from './revocations.ts';
import { addTokenListRoute } from './tokens.ts';
import { addUsesRoute } from './uses.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose guard asks; null until that is proved. */
    guardedApplication: Application | null;
  }
}

export interface GuardsOptions {
  readonly follower: RevocationFollower;
  /** The access tokens that guards ask about: those of every interface. */
  readonly formats: readonly FormatSet[];
}

export function guards(core: Core, { follower, formats }: GuardsOptions): Dialect {
  return {
    name: 'guards',
    prefix: '/guard/v1',
    face: wordByStatus,
    plugin: async (scope) => {
      acceptBodies(scope);
      scope.setValidatorCompiler(compileReader);
      scope.setSerializerCompiler(() => JSON.stringify);
      scope.decorateRequest('guardedApplication', null);
      proveGuards(scope, guardProof(core, follower));
      describeRoutes(scope);
      addRevocationRoute(scope, core, follower);
      addTokenListRoute(scope, core, follower);
      addIntrospectionRoutes(scope, core, formats);
      addUsesRoute(scope, core, formats);
    },
  };
}
