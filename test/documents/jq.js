#!/usr/bin/env node
/** As much of jq as the documents use: `jq [-r] .member.member`. @module */
import { text } from 'node:stream/consumers';

const args = process.argv.slice(2);
const raw = args.includes('-r');
const path = args.find((arg) => arg.startsWith('.')) ?? '.';
const members = path.split('.').filter((member) => member !== '');
const value = members.reduce((found, member) => found?.[member], JSON.parse(await text(process.stdin)));
process.stdout.write(
  `${raw && typeof value === 'string' ? value : JSON.stringify(value ?? null, null, 2)}\n`,
);
