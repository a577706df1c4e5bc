/**
 * Which addresses of the internet a webhook may call. Everything that could be this machine, its network or its cloud is refused,
 * in whatever spelling; what is not known to be public is not public. Nodes ask when a journey is published, callers again for
 * every address that a name turns out to have.
 */
import ipaddr from 'ipaddr.js';

/** @param address an IPv4 or IPv6 address; anything else is not public */
export function isPublicAddress(address: string): boolean {
  if (!isAddress(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast);
}

/**
 * The only IPv6 addresses that are given out to the public (RFC 4291, IANA). Outside of it lie the old forms that embed an IPv4
 * address, such as `::127.0.0.1`.
 */
const globalUnicast = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/**
 * Why a web address cannot be called, in words that follow its name; undefined when it can. It says nothing about where a host
 * name leads: that is known only when it is called.
 */
export function webTargetProblem(url: string): string | undefined {
  if (!URL.canParse(url)) return 'must be a web address such as "https://example.com/hook"';
  const { protocol, hostname, username, password } = new URL(url);
  if (protocol !== 'https:') return 'must begin with https://';
  if (username !== '' || password !== '') {
    return 'must not hold a user name or password; name a secret in a header instead';
  }
  const host = hostname.replace(/\.$/, '').replace(/^\[(.*)\]$/, '$1');
  if (isAddress(host)) {
    return isPublicAddress(host) ? undefined : `leads to ${host}, which is not a public address`;
  }
  return localName.test(host) || !host.includes('.')
    ? `leads to "${host}", which is not a public name`
    : undefined;
}

/** Written in full: no `127.1`, which means different things to different readers. */
function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** Names that never leave a machine or a network (RFC 6761, RFC 6762, RFC 8375, and what clouds use inside). */
const localName = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|localdomain)$/i;
