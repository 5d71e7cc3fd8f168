/** From what was typed to the command that does it. @module */
import { dashed, readOptions } from './command.ts';
import type { Context } from './context.ts';
import { type FoundCommand, findCommand } from './find-command.ts';
import { type Flags, switchFlag } from './flag.ts';
import { globalFlags } from './global-flags.ts';
import { commandHelp, groupHelp, headingFor } from './help.ts';
import { readFlags } from './read-flags.ts';
import { commandsOf } from './registry.ts';
import { programVersion } from './version.ts';

/**
 * @param args what was typed after the program's name
 * @throws {UsageError} @throws {LocalError} @throws {InterruptedError} and what `@tessera/client` throws
 */
export async function runProgram(args: readonly string[], context: Context): Promise<void> {
  const commands = commandsOf(context.personality);
  if (args[0] === 'help') return runProgram([...args.slice(1), '--help'], context);
  const found = findCommand(args, commands);
  if (found.entry === null) return runGroup(found, context);

  const { command } = await found.entry.load();
  const flags: Flags = { ...globalFlags, ...command.flags };
  const texts = readFlags(found.rest, flags, command.words);
  const globals = readOptions(globalFlags, texts, dashed);
  const heading = headingFor(context.stdout, context.env);
  if (globals.help) {
    const about = { summary: found.entry.summary, command };
    context.stdout.write(commandHelp(found.name, about, context.personality, heading));
    return;
  }
  await command.run(texts, { context, globals });
}

/** A group has nothing to do but to say what is in it. */
function runGroup(found: FoundCommand, context: Context): void {
  const version = switchFlag('show the version of the program');
  const texts = readFlags(found.rest, found.name === '' ? { ...globalFlags, version } : globalFlags);
  const asked = version.read(texts.get('version') ?? null, '--version');
  const heading = headingFor(context.stdout, context.env);
  context.stdout.write(
    asked
      ? `${context.personality.name} ${programVersion}\n`
      : groupHelp(found.name, commandsOf(context.personality), context.personality, heading),
  );
}
