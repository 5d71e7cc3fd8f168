/** Waits for others to finish with the machine. @module */
import { setTimeout as delay } from 'node:timers/promises';
import { machineSeconds } from './processor-time.ts';

const lookSeconds = 0.2;
const mostLooks = 5;
/** Cores in use by anybody that count as nothing. */
const quietCores = 0.1;

/** Resolves when nobody uses the machine, or after a second of waiting in vain. */
export async function quietMachine(): Promise<void> {
  for (let look = 0; look < mostLooks; look++) {
    const before = machineSeconds();
    await delay(lookSeconds * 1000);
    if (machineSeconds() - before < quietCores * lookSeconds) return;
  }
}
