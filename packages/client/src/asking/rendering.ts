/** How a request is written: as it is sent, or as it may be shown. @module */
import { randomUUID } from 'node:crypto';
import type { Members } from '../datatypes/value-path.ts';
import { type Base64, base64 } from '../formats/render-format.ts';

/** How values are written: as they are sent, or as a dry run shows them. */
export interface Rendering {
  /** Only what is sent is held against the schema: a mask is not of the type it stands for. */
  readonly kind: 'sent' | 'shown';
  readonly base64: Base64;
  /** Fields as they go into the body. */
  readonly fields: (fields: Members) => Members;
  readonly header: (name: string, value: string) => string;
  readonly boundary: string;
}

export function plainRendering(boundary: string): Rendering {
  return { kind: 'sent', base64, fields: (fields) => fields, header: (_name, value) => value, boundary };
}

export function randomBoundary(): string {
  return `----tessera${randomUUID().replaceAll('-', '')}`;
}
