/** Tables as text: for a terminal, and as Markdown. @module */
import type { Table, Verdict } from './table.ts';

const verdictColumns = ['target', 'measured', 'wanted', 'reached'];

/** Columns lined up. */
export function plainText(table: Table): string {
  const parts = [
    `\n${table.title}\n${'─'.repeat(table.title.length)}`,
    table.method,
    lined([table.columns, ...table.rows]),
    ...(table.verdicts.length === 0 ? [] : [lined([verdictColumns, ...table.verdicts.map(cells)])]),
    ...table.notes.map((note) => `* ${note}`),
  ];
  return `${parts.join('\n')}\n`;
}

export function markdown(table: Table): string {
  const parts = [
    `### ${table.title}`,
    table.method,
    piped([table.columns, ...table.rows]),
    ...(table.verdicts.length === 0 ? [] : [piped([verdictColumns, ...table.verdicts.map(cells)])]),
    ...(table.notes.length === 0 ? [] : [table.notes.map((note) => `- ${note}`).join('\n')]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function cells({ what, measured, target, isReached }: Verdict): string[] {
  return [what, measured, target, isReached ? 'yes' : 'NO'];
}

/** The first column to the left, all others to the right. */
function lined(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width + 2);
      })
      .join('');
  return rows.map(line).join('\n');
}

function piped([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
