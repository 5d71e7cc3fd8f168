/** A place in a configuration: its value, and what to call it when the value is wrong. @module */
import { isMembers, memberOf } from '../datatypes/value-path.ts';
import type { Fault, Problems } from './problems.ts';

/** Reads what is unknown, member by member; every wrong one is a problem, and reading goes on with a default. */
export class ConfigNode {
  readonly file: string;
  /** RFC 6901. */
  readonly pointer: string;
  readonly value: unknown;
  readonly #problems: Problems;

  constructor(problems: Problems, file: string, pointer: string, value: unknown) {
    this.#problems = problems;
    this.file = file;
    this.pointer = pointer;
    this.value = value;
  }

  /** The member of that name, whose value is undefined where there is none. */
  at(name: string): ConfigNode {
    const pointer = `${this.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return new ConfigNode(this.#problems, this.file, pointer, memberOf(this.value, name));
  }

  /** The elements of an array; none where it is something else. */
  elements(): readonly ConfigNode[] {
    if (!Array.isArray(this.value)) return [];
    return this.value.map(
      (value: unknown, index) => new ConfigNode(this.#problems, this.file, `${this.pointer}/${index}`, value),
    );
  }

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null || this.value === '';
  }

  error(fault: Fault): void {
    this.#problems.error(this.file, this.pointer, fault);
  }

  warn(fault: Fault): void {
    this.#problems.warning(this.file, this.pointer, fault);
  }

  text(fallback = ''): string {
    if (this.isAbsent) return fallback;
    if (typeof this.value === 'string') return this.value;
    this.#wrong('is not text', 'write it in quotes');
    return fallback;
  }

  flag(fallback: boolean): boolean {
    if (this.isAbsent) return fallback;
    if (typeof this.value === 'boolean') return this.value;
    if (this.value === 'true' || this.value === 'false') return this.value === 'true';
    this.#wrong('is neither true nor false', 'write true or false, without quotes');
    return fallback;
  }

  /** A whole number, or its digits as text. */
  integer(fallback: number, least: number, most: number): number {
    if (this.isAbsent) return fallback;
    const number = numberOf(this.value);
    if (Number.isInteger(number) && number >= least && number <= most) return number;
    this.#wrong('is not a number that can be used', `write a whole number from ${least} to ${most}`);
    return fallback;
  }

  choice<Choice extends string>(choices: readonly Choice[], fallback: Choice): Choice {
    if (this.isAbsent) return fallback;
    const found = choices.find((choice) => choice === this.value);
    if (found !== undefined) return found;
    this.#wrong(`${JSON.stringify(this.value)} is not possible here`, `use ${choices.join(', ')}`);
    return fallback;
  }

  /** An object; empty where there is none. */
  members(): Readonly<Record<string, unknown>> {
    if (this.isAbsent) return {};
    if (isMembers(this.value)) return this.value;
    this.#wrong('is no object', 'write { … }');
    return {};
  }

  /** Texts by name. */
  texts(): Readonly<Record<string, string>> {
    const names = Object.keys(this.members());
    return Object.fromEntries(names.map((name) => [name, this.at(name).#plainText()]));
  }

  /** Says what to do where there is nothing. */
  demand(cure: string): void {
    if (this.isAbsent) this.error({ reason: 'is missing', cure });
  }

  #plainText(): string {
    if (typeof this.value === 'number' || typeof this.value === 'boolean') return String(this.value);
    if (this.value === undefined || this.value === null) return '';
    return this.text();
  }

  #wrong(reason: string, cure: string): void {
    this.error({ reason, cure });
  }
}

/** NaN: it is no number, and no text that is nothing but one. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : Number.NaN;
}
