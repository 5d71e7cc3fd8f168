/** `completion zsh` @module */
import { type Command, defineCommand } from '../../program/command.ts';
import { type CompletionPlan, completionPlan } from '../../program/completion-words.ts';
import type { Personality } from '../../program/personality.ts';

export const command: Command = defineCommand({
  flags: {},
  examples: ({ name }) => [
    `source <(${name} completion zsh)`,
    `${name} completion zsh > "\${fpath[1]}/_${name}"`,
  ],
  run: async (_, { context }) => {
    const { personality } = context;
    context.stdout.write(zshScript(await completionPlan(personality), personality));
  },
});

/** Works both sourced and as a file in a folder of `fpath`. Keys begin with a dot where they might be empty. */
export function zshScript({ words, flags, values }: CompletionPlan, { name }: Personality): string {
  return `#compdef ${name}
# Completion of ${name} for zsh; made by: ${name} completion zsh
_${name}() {
  local -A next own what
  next=(
${pairs([...words].map(([typed, next]) => [`.${typed}`, next.join(' ')]))}
  )
  own=(
${pairs([...flags].map(([typed, own]) => [`.${typed}`, own.join(' ')]))}
  )
  what=(
${pairs([...values].map(([typed, what]) => [typed, typeof what === 'string' ? `:${what}` : what.join(' ')]))}
  )
  local typed="" flag="" word=""
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n "$flag" ]]; then flag=""
    elif [[ "$word" == --*=* ]]; then :
    elif [[ "$word" == -* ]]; then [[ -n "\${what[$typed $word]}" ]] && flag="$word"
    elif [[ -n "\${next[.$typed]}" ]]; then typed="\${typed:+$typed }$word"
    fi
  done
  local current="\${words[CURRENT]}" kind=""
  if [[ -z "$flag" && "$current" == --*=* ]]; then
    flag="\${current%%=*}"
    compset -P '*='
  fi
  if [[ -n "$flag" ]]; then
    kind="\${what[$typed $flag]}"
    case "$kind" in
      :file) _files ;;
      :*) _message "value of $flag" ;;
      *) compadd -- \${=kind} ;;
    esac
  elif [[ "$current" == -* ]]; then
    compadd -- \${=own[.$typed]}
  else
    compadd -- \${=next[.$typed]}
  fi
}
if [[ "$funcstack[1]" == "_${name}" ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function pairs(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([typed, text]) => `    "${typed}" "${text}"`).join('\n');
}
