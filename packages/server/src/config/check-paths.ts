/** Whether the paths of a configuration can be used, before anything is written there. @module */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is wrong with a folder that will be made where it is missing, or null. */
export function folderFault(path: string): string | null {
  const kind = kindOf(path);
  if (kind === 'file') return `${path} is a file; name a folder.`;
  if (kind === 'missing') return dirname(path) === path ? null : folderFault(dirname(path));
  return isWritable(path) ? null : `${path} cannot be written; change its owner or choose another folder.`;
}

/** What is wrong with a file that will be made where it is missing, or null. */
export function keyFileFault(path: string): string | null {
  const kind = kindOf(path);
  if (kind === 'folder') return `${path} is a folder; name a file.`;
  return kind === 'missing' ? folderFault(dirname(path)) : null;
}

function kindOf(path: string): 'file' | 'folder' | 'missing' {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 'missing';
  return found.isDirectory() ? 'folder' : 'file';
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
