// What does not fit the specification, and in which half of an exchange.

export type Half = 'request' | 'answer';

export interface Problem {
  /** As the specification names it. */
  readonly operation: string;
  readonly half: Half;
  /** `body.properties.subnets[].name`, `query.api-version`, `header.location`, `status`. */
  readonly where: string;
  readonly what: string;
}

/** Two problems are one when everything about them is the same; list positions have been left out of `where`. */
export function problemKey({ operation, half, where, what }: Problem): string {
  return `${operation} ${half} ${where} ${what}`;
}
