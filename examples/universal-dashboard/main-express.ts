import { protect } from '@tessera/guard/express';
import express from 'express';
import { guard } from './auth.ts';

const app = express();
app.use(protect(guard));
app.get('/api/user/me', (req, res) => {
  res.json(req.principal.userName);
});
app.listen(10001);
