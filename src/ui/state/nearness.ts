/**
 * Where a host stands, as far as its name tells: on this machine, or on a network that is not the internet, where a page can reach what a stranger
 * who made a link cannot. Undefined for all others; a name of the internet may still lead to either.
 */
export function nearness(hostname: string): 'machine' | 'network' | undefined {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  const ipv4 = ipv4Of(name);
  if (ipv4 !== undefined) return nearIpv4(ipv4);
  if (name.startsWith('[')) return nearIpv6(name.slice(1, -1));
  if (name === 'localhost' || name.endsWith('.localhost')) return 'machine';
  return !name.includes('.') || LOCAL_NAMES.test(name) ? 'network' : undefined;
}

/** RFC 6762 (.local), RFC 8375 (.home.arpa), ICANN's .internal, and what routers and offices use (RFC 6762, appendix G). */
const LOCAL_NAMES = /\.(local|home\.arpa|internal|intranet|private|corp|home|lan|localdomain)$/;

/** Four bytes; a URL's host has any other way of writing them turned into dots already (URL Standard, 3.5). */
function ipv4Of(name: string): readonly number[] | undefined {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) ? name.split('.').map(Number) : undefined;
}

/** RFC 1122 (0, 127), RFC 1918 (10, 172.16, 192.168), RFC 3927 (169.254), RFC 6598 (100.64). */
function nearIpv4([a = 0, b = 0]: readonly number[]): 'machine' | 'network' | undefined {
  if (a === 127 || a === 0) return 'machine';
  const isLocal = a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254);
  return isLocal || (a === 100 && b >= 64 && b < 128) ? 'network' : undefined;
}

/** RFC 4291 (::1, fe80::/10, IPv4-mapped), RFC 4193 (fc00::/7), in the compressed form of a URL's host. */
function nearIpv6(address: string): 'machine' | 'network' | undefined {
  if (address === '::1' || address === '::') return 'machine';
  const mapped = /^::ffff:([0-9a-f]{1,4}):[0-9a-f]{1,4}$/.exec(address)?.[1];
  if (mapped !== undefined) return nearIpv4([Number.parseInt(mapped, 16) >> 8, Number.parseInt(mapped, 16) & 255]);
  return /^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:/.test(address) ? 'network' : undefined;
}
