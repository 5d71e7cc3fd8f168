/** The dialect of Nectar's API tokens. Contract: docs/dialects/nectar.md. @module */
import type { FastifyInstance } from 'fastify';
import { refuse } from '../../domain/problem.ts';
import type { Dialect } from '../../http/http-server.ts';
import { acceptBodies } from '../../http/json-body.ts';
import { compileReader } from '../../http/strict-reader.ts';
import type { Core } from '../../operations/core.ts';
import { addBasicRoute } from './basic.ts';
import type { NectarFormats } from './claims.ts';
import { wordRefusal } from './errors.ts';
import type { NectarOptions } from './options.ts';
import { addRenewRoute, type RenewalCounters } from './renew.ts';

export interface NectarParts {
  readonly formats: NectarFormats;
  readonly options: Pick<NectarOptions, 'basic'>;
  readonly counters: RenewalCounters;
}

export function nectar(core: Core, { formats, options, counters }: NectarParts): Dialect {
  return {
    name: 'nectar',
    prefix: '/aapi',
    face: wordRefusal,
    plugin: async (scope) => {
      await scope.register(async (renewal) => {
        ignoreBodies(renewal);
        // What is shown is read by hand: whatever is wrong with it is the same refusal.
        renewal.setValidatorCompiler(() => () => true);
        renewal.setSerializerCompiler(() => JSON.stringify);
        addRenewRoute(renewal, core, formats, counters);
      });
      await scope.register(async (checks) => {
        acceptBodies(checks);
        checks.setValidatorCompiler(compileReader);
        addBasicRoute(checks, core, options);
      });
    },
  };
}

/** Whatever is sent, and whatever that is said to be, is let run out. */
function ignoreBodies(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    // Fastify would refuse a type it cannot read.
    delete request.raw.headers['content-type'];
    done();
  });
  app.addContentTypeParser('*', (_request, body, done) => {
    body
      .on('end', () => done(null))
      .on('error', () => done(refuse('malformed', 'body_cut_off')))
      .resume();
  });
}
