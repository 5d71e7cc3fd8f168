/** `assignments delete` @module */
import { assignmentAction } from '../../connect/assignment.ts';
import { commandByDialect } from '../../connect/by-dialect.ts';
import type { Command } from '../../program/command.ts';

export const command: Command = commandByDialect({ nebularstack: assignmentAction('DELETE') }, ({ name }) => [
  `${name} assignments delete --user-id "$USER_ID" --role 'Identity Administrator' acme.example`,
  `${name} assignments delete --user-id "$USER_ID" --role Customer acme.example "$TENANT_ID"`,
  `${name} assignments delete --user-id "$USER_ID" --role Support none        # everywhere`,
]);
