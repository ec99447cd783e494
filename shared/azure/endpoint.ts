/** Where Azure is: the host its clients and links name, and the one requests really go to. */

export interface Endpoint {
  /** Origin that the clients are given and that links must have: always https. */
  readonly canonical: string;
  /** Origin that requests really go to. */
  readonly actual: string;
}

const PUBLIC_CLOUD = 'https://management.azure.com';

/** Splits an endpoint setting (already validated, see settings.ts) into what the clients see and where requests go. */
export function endpointOf(setting: string, canonicalForLoopback = PUBLIC_CLOUD): Endpoint {
  const { origin } = new URL(setting);
  return isLoopback(setting)
    ? { canonical: canonicalForLoopback, actual: origin }
    : { canonical: origin, actual: origin };
}

/** Whether the URL's host is this machine itself. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
