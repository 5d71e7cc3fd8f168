// The process of the server. Plain JavaScript, because the types of a first file in TypeScript would be stripped anew at every
// start: only what is loaded after the next line comes out of the cache.
import { enableCompileCache } from 'node:module';

// A second start finds all of the rest compiled: it halves the time and the memory.
enableCompileCache();
const { runServer } = await import('../src/app/run-server.ts');

process.exitCode = await runServer({ env: process.env, stdout: process.stdout, stderr: process.stderr });
