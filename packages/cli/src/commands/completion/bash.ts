/** `completion bash` @module */
import { type Command, defineCommand } from '../../program/command.ts';
import { type CompletionPlan, completionPlan } from '../../program/completion-words.ts';
import type { Personality } from '../../program/personality.ts';

export const command: Command = defineCommand({
  flags: {},
  examples: ({ name }) => [
    `source <(${name} completion bash)`,
    `${name} completion bash > ~/.local/share/bash-completion/completions/${name}`,
  ],
  run: async (_, { context }) => {
    const { personality } = context;
    context.stdout.write(bashScript(await completionPlan(personality), personality));
  },
});

/**
 * Works without the package bash-completion, and with bash 3.2 of macOS: hence `case`, not associative arrays, and words
 * rejoined where bash takes `=` for a word of its own.
 */
export function bashScript({ words, flags, values }: CompletionPlan, { name }: Personality): string {
  return `# Completion of ${name} for bash; made by: ${name} completion bash
_${name}_words() {
  case "$1" in
${cases([...words].map(([typed, next]) => [typed, next.join(' ')]))}
  esac
}
_${name}_flags() {
  case "$1" in
${cases([...flags].map(([typed, own]) => [typed, own.join(' ')]))}
  esac
}
_${name}_values() {
  case "$1" in
${cases([...values].map(([typed, what]) => [typed, typeof what === 'string' ? `:${what}` : what.join(' ')]))}
  esac
}
_${name}() {
  local typed="" flag="" word="" values="" current="\${COMP_WORDS[COMP_CWORD]}" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ "$word" == "=" ]]; then continue; fi
    if [[ -n "$flag" ]]; then flag=""; continue; fi
    if [[ "$word" == -* ]]; then
      if [[ -n "$(_${name}_values "$typed $word")" ]]; then flag="$word"; fi
    elif [[ -n "$(_${name}_words "$typed")" ]]; then
      typed="\${typed:+$typed }$word"
    fi
  done
  if [[ "$current" == "=" ]]; then current=""; fi
  if [[ -n "$flag" ]]; then
    values="$(_${name}_values "$typed $flag")"
    case "$values" in
      :file) COMPREPLY=($(compgen -f -- "$current")) ;;
      :*) ;;
      *) COMPREPLY=($(compgen -W "$values" -- "$current")) ;;
    esac
  elif [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$(_${name}_flags "$typed")" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$(_${name}_words "$typed")" -- "$current"))
  fi
}
complete -o filenames -F _${name} ${name}
`;
}

function cases(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([typed, text]) => `    "${typed}") echo "${text}" ;;`).join('\n');
}
