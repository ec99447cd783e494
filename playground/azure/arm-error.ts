// An error as Azure Resource Manager words it: a status, a code, a message and sometimes details.

export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
}

/** Thrown by anything that refuses a request; the ARM front turns it into the answer. */
export class ArmError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: readonly ErrorDetail[],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'ArmError';
  }
}

/** The JSON body of an error answer. */
export function errorBody(error: ArmError): { error: ErrorDetail & { details?: readonly ErrorDetail[] } } {
  const { code, message, details } = error;
  return { error: details ? { code, message, details } : { code, message } };
}

/** 400 in the network provider's form, which always carries an empty list of details. */
export function refuse(code: string, message: string): ArmError {
  return new ArmError(400, code, message, []);
}

/** 400 for a body whose JSON does not fit the contract. */
export function unreadable(reason: string): ArmError {
  return new ArmError(400, 'InvalidRequestFormat', 'Cannot parse the request.', [
    { code: 'InvalidJson', message: reason },
  ]);
}

/** 501 for whatever this local Azure does not imitate. */
export function notModelled(what: string): ArmError {
  return new ArmError(501, 'NotImplemented', `The local Azure does not model ${what}.`);
}

/** 404 for a top-level resource or a child that does not exist. */
export function resourceNotFound(type: string, name: string, resourceGroup: string): ArmError {
  return new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${type}/${name}' under resource group '${resourceGroup}' was not found. ` +
      'For more details please go to https://aka.ms/ARMResourceNotFoundFix',
  );
}

/** 400 for a reference to a resource that does not exist. */
export function invalidReference(from: string, to: string): ArmError {
  return refuse(
    'InvalidResourceReference',
    `Resource ${to} referenced by resource ${from} was not found. Please make sure that the referenced ` +
      'resource exists, and that both resources are in the same region.',
  );
}
