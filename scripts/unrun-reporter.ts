/** A node:test reporter that names, one a line, every test that did not run. @module */
import type { TestEvent } from 'node:test/reporters';

// biome-ignore lint/style/noDefaultExport: node:test takes a reporter by its default export
export default async function* unrun(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { name, file, skip, todo } = event.data;
    if (skip !== undefined || todo !== undefined) yield `${file ?? ''}: ${name}\n`;
  }
}
