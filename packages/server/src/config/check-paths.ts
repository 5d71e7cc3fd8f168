/** Whether the paths of a configuration can be used, before anything is written there. @module */
import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is wrong with a folder that will be made where it is missing, or null. */
export function folderFault(path: string): string | null {
  const kind = kindOf(path);
  if (kind === 'file') return `${path} is a file; name a folder.`;
  if (kind === 'broken link') return brokenLink(path);
  if (kind === 'missing') return dirname(path) === path ? null : folderFault(dirname(path));
  return isWritable(path) ? null : `${path} cannot be written; change its owner or choose another folder.`;
}

/** What is wrong with a file that will be made where it is missing, or null. */
export function keyFileFault(path: string): string | null {
  const kind = kindOf(path);
  if (kind === 'folder') return `${path} is a folder; name a file.`;
  if (kind === 'broken link') return brokenLink(path);
  return kind === 'missing' ? folderFault(dirname(path)) : null;
}

function kindOf(path: string): 'file' | 'folder' | 'broken link' | 'missing' {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined) return found.isDirectory() ? 'folder' : 'file';
  return isLink(path) ? 'broken link' : 'missing';
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

function brokenLink(path: string): string {
  return `${path} is a link to something that is not there; mount its disk, or correct the link.`;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
