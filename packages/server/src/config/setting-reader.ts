/** Gives settings their types and gathers what is wrong with them. @module */
import type { WrittenSettings } from './read-texts.ts';
import { type SettingName, settings } from './settings.ts';

export class SettingReader {
  readonly #written: WrittenSettings;
  readonly #faults: string[];

  constructor(written: WrittenSettings, faults: string[]) {
    this.#written = written;
    this.#faults = faults;
  }

  text(name: SettingName): string | null {
    return this.#written.get(name)?.text ?? null;
  }

  /** @param faultOf is given what `convert` made of the text; says what is wrong and what to do, or null */
  read<Value>(
    name: SettingName,
    convert: (text: string) => Value,
    faultOf: (value: Value, text: string) => string | null,
  ): Value | null {
    const text = this.text(name);
    if (text === null) return null;
    const value = convert(text);
    const fault = faultOf(value, text);
    if (fault === null) return value;
    this.fault(name, fault);
    return null;
  }

  fault(name: SettingName, what: string): void {
    this.#faults.push(`${this.#written.get(name)?.writtenAs ?? settings[name].variable}: ${what}`);
  }
}
