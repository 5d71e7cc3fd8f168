/** What to answer in the program's place. @module */
import type { Answer } from '../guard/answer.ts';
import type { Decision, Guard } from '../guard/guard.ts';
import type { LoginAttempt } from '../login/attempt.ts';

export function answerOf(
  guard: Guard,
  decision: Exclude<Decision, { readonly kind: 'pass' }>,
  attempt: () => LoginAttempt,
): Answer | Promise<Answer> {
  return decision.kind === 'answer' ? decision.answer : guard.logIn(attempt());
}
