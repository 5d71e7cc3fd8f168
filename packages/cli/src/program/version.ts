/** Which program this is. @module */
import manifest from '../../package.json' with { type: 'json' };

export const programVersion: string = manifest.version;

/** RFC 3339; null: run from source. `scripts/build.ts` writes it in. */
export const buildDate: string | null = typeof TESSERA_BUILD_DATE === 'undefined' ? null : TESSERA_BUILD_DATE;

declare const TESSERA_BUILD_DATE: string | undefined;
