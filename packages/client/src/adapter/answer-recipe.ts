/** The answer to a token request, compiled. @module */
import type { AnswerRecipe } from '../plan/answer-recipe.ts';
import { answerDatatype } from './data-types.ts';
import type { ActionSetting } from './request-recipe.ts';
import { answerRoot, readResponseSchema, unreadPieces } from './response-schema.ts';
import { redirects } from './service.ts';

export function compileAnswer(setting: ActionSetting, tokenp2Use: AnswerRecipe['tokenp2Use']): AnswerRecipe {
  const { properties, action, responseSchema, options } = setting;
  const authentication = properties.at('authentication');
  const name = authentication.at('token_result_field').text();
  const place = {
    name: name === 'token' ? '' : name,
    placement: authentication.at('token_response_placement'),
  };
  const pieces = responseSchema === null ? unreadPieces(action) : readResponseSchema(responseSchema, place);
  return {
    ...pieces,
    datatype: answerDatatype(action, authentication.at('auth_response_datatype')),
    root: answerRoot(action),
    tokenp2Use,
    cookieStyle: options.cookieStyle,
    redirects: redirects(properties) === 0 ? 'read' : 'refused',
    tokenType: null,
  };
}
