#!/usr/bin/env node
// A helper as somebody would write it: one JSON object in, one out, secrets in a file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const { version, action, name, value, noClobber, options } = JSON.parse(readFileSync(0, 'utf8'));
const answer = (body) => process.stdout.write(JSON.stringify({ version: 1, ...body }));
const secrets = existsSync(options.store) ? JSON.parse(readFileSync(options.store, 'utf8')) : {};
const isThere = Object.hasOwn(secrets, name ?? '');
const save = () => {
  writeFileSync(options.store, JSON.stringify(secrets), { mode: 0o600 });
  answer({ ok: true });
};

if (version !== 1) answer({ ok: false, code: 'unavailable', message: 'another version' });
else if (action === 'list') answer({ ok: true, names: Object.keys(secrets) });
else if (action === 'set' && noClobber && isThere)
  answer({ ok: false, code: 'exists', message: `${name} is there, not set to ${value}` });
else if (action === 'set') {
  secrets[name] = value;
  save();
} else if (!isThere) answer({ ok: false, code: 'not_found', message: `no ${name}` });
else if (action === 'get') answer({ ok: true, value: secrets[name] });
else {
  delete secrets[name];
  save();
}
