/** A role of a user at a target: the flags and words that name one, and its path. @module */
import { type Action, defineAction } from '../program/command.ts';
import { requiredText } from '../program/flag.ts';
import { scopedPath } from './path.ts';
import { printScopedCall } from './scoped-call.ts';
import { noDomain, readTarget, targetWords } from './target-words.ts';

export function assignmentAction(method: 'POST' | 'DELETE'): Action {
  return defineAction({
    flags: {
      'user-id': requiredText('whose role', { placeholder: 'ID' }),
      role: requiredText('name of the role; letter case counts', { short: 'r', placeholder: 'NAME' }),
    },
    words: targetWords,
    run: ({ 'user-id': userId, role, ...words }, invocation) => {
      const { domain, tenantId } = readTarget(words);
      const names = [userId, 'assignment', role, domain ?? noDomain, tenantId ?? noDomain];
      return printScopedCall({ method, path: scopedPath('user', ...names) }, invocation);
    },
  });
}
