/** The process of the server. @module */
import { runServer } from './app/run-server.ts';

process.exitCode = await runServer({ env: process.env, stdout: process.stdout, stderr: process.stderr });
