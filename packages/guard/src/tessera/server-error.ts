/** Why a Tessera server was not heard. @module */

export type ServerFailure =
  | 'unreachable'
  | 'timeout'
  | 'too_large'
  | 'bad_content'
  | 'credential_refused'
  | 'other_application'
  | 'bad_status';

/** The server gave no answer that means anything. A fault of the network or of that server, never of a token: answer 503. */
export class ServerError extends Error {
  override readonly name: 'ServerError' = 'ServerError';
  readonly reason: ServerFailure;

  constructor(reason: ServerFailure) {
    super(messages[reason]);
    this.reason = reason;
  }
}

const messages: Readonly<Record<ServerFailure, string>> = {
  unreachable: 'the Tessera server cannot be reached',
  timeout: 'the Tessera server did not answer in time',
  too_large: 'the Tessera server sent more than it may',
  bad_content: 'the Tessera server sent what is not its answer',
  credential_refused: 'the Tessera server refuses the credential of this guard',
  other_application: 'the credential of this guard is that of another application',
  bad_status: 'the Tessera server answered with an error',
};
