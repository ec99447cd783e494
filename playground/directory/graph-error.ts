// An error as Microsoft Graph words it: a status, a code, a message and the ids of the request.

/** Thrown by anything that refuses a Graph request; the router turns it into the answer. */
export class GraphError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'GraphError';
  }
}

/** The JSON body of an error answer; `at` is when it was refused. */
export function graphErrorBody(error: GraphError, requestId: string, clientRequestId: string, at: Date): unknown {
  const innerError = {
    date: at.toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': clientRequestId,
  };
  return { error: { code: error.code, message: error.message, innerError } };
}

/** 400 with the code that Graph gives when no better one is documented. */
export function badRequest(message: string): GraphError {
  return new GraphError(400, 'BadRequest', message);
}

/** 404 for a user, group or service principal. */
export function noDirectoryObject(id: string): GraphError {
  return new GraphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** 404 for an object of Conditional Access. */
export function notFound(what: string, id: string): GraphError {
  return new GraphError(404, 'NotFound', `The ${what} '${id}' does not exist.`);
}

/** 501 for whatever this local directory does not imitate. */
export function notModelled(what: string): GraphError {
  return new GraphError(501, 'NotImplemented', `The local Azure does not model ${what} of Microsoft Graph.`);
}
