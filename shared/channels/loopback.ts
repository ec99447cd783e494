/** Whether a host is this machine: the only place where plain, unencrypted traffic is acceptable. */

/** True for `localhost`, 127.0.0.0/8 and ::1, with or without brackets; nothing is resolved. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
