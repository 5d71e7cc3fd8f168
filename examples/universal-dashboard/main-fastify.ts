import { protect } from '@tessera/guard/fastify';
import Fastify from 'fastify';
import { guard } from './auth.ts';

const app = Fastify();
await app.register(protect(guard));
app.get('/api/user/me', async (request, reply) =>
  reply.type('application/json').send(JSON.stringify(request.principal.userName)),
);
await app.listen({ port: 10001 });
