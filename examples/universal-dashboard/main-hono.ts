import { serve } from '@hono/node-server';
import { type GuardVariables, protect } from '@tessera/guard/hono';
import { Hono } from 'hono';
import { guard } from './auth.ts';

const app = new Hono<{ Variables: GuardVariables }>();
app.use('*', protect(guard));
app.get('/api/user/me', (c) => c.json(c.get('principal').userName));
serve({ fetch: app.fetch, port: 10001 });
