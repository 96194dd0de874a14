/**
 * Whether the host of an address is one of those registered in the console: an exact match, no wildcards.
 * A host registered without a port stands for all its ports, which the real service does not know at all.
 */
export const isRegistered = (address: URL, hosts: readonly string[]): boolean =>
  hosts.includes(address.host) || hosts.includes(address.hostname);

export const readAddress = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
