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
    /** Further parts of the error's body, such as `target` and `additionalInfo`. */
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'ArmError';
  }
}

/** The JSON body of an error answer. */
export function errorBody(error: ArmError): { error: ErrorDetail & { details?: readonly ErrorDetail[] } } {
  const { code, message, details, extra } = error;
  return { error: { code, ...extra, message, ...(details ? { details } : {}) } };
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

/** 404 for a resource or child, named as `Microsoft.Network/type/name/child type/child name`, that does not exist. */
export function resourceNotFound(typeAndName: string, resourceGroup: string): ArmError {
  return new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${typeAndName}' under resource group '${resourceGroup}' was not found. ` +
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

/** 404 for a child of a resource that does not exist. */
export function parentNotFound(verb: 'write' | 'delete', type: string, parentId: string): ArmError {
  return new ArmError(
    404,
    'ParentResourceNotFound',
    `Failed to perform '${verb}' on resource(s) of type '${type}', because the parent resource '${parentId}' could not be found.`,
  );
}
