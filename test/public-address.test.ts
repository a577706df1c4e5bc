/** Which addresses webhooks may call, in every spelling that has been used to get past such a check. */
import { describe, expect, test } from 'vitest';
import { isPublicAddress, webTargetProblem } from '../lib/public-address.ts';

describe('addresses', () => {
  test.each([
    ['this host', '0.0.0.0', '0.1.2.3', '127.0.0.1', '127.255.255.254', '::', '::1'],
    ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ['link-local, where clouds keep credentials', '169.254.169.254', 'fe80::1', 'fe80::1%eth0'],
    ['carrier-grade NAT', '100.64.0.1', '100.127.255.255'],
    ['unique-local', 'fc00::1', 'fd00:ec2::254'],
    ['site-local', 'fec0::1'],
    ['multicast and broadcast', '224.0.0.1', '239.1.1.1', '255.255.255.255', 'ff02::1'],
    ['reserved', '240.0.0.1', '192.0.0.1', '198.18.0.1', '192.0.2.1', '203.0.113.1', '2001:db8::1'],
    ['IPv4 in IPv6', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::a00:1'],
    ['tunnels', '2001::1', '2002:7f00:1::'],
    ['not given out', '4000::1', '100::1', '100:0:0:1::1', '5f00::1'],
    ['no address at all', '', 'localhost', 'example.com', '1.2.3', '1.2.3.4.5', '8.8.8.8/32'],
  ])('%s: not public', (_, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  test.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('web addresses', () => {
  test.each([
    'https://example.com',
    'https://example.com:8443/a/b?c=d#e',
    'https://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'https://xn--bcher-kva.example/',
    'HTTPS://EXAMPLE.COM/',
  ])('%s may be called', (url) => {
    expect(webTargetProblem(url)).toBeUndefined();
  });

  test.each([
    ['', 'must be a web address such as "https://example.com/hook"'],
    ['/hook', 'must be a web address such as "https://example.com/hook"'],
    ['http://example.com/', 'must begin with https://'],
    ['file:///etc/passwd', 'must begin with https://'],
    [
      'https://ada:pw@example.com/',
      'must not hold a user name or password; name a secret in a header instead',
    ],
    ['https://127.0.0.1/', 'leads to 127.0.0.1, which is not a public address'],
    ['https://127.1/', 'leads to 127.0.0.1, which is not a public address'],
    ['https://0177.0.0.1/', 'leads to 127.0.0.1, which is not a public address'],
    ['https://2852039166/', 'leads to 169.254.169.254, which is not a public address'],
    ['https://１２７.０.０.１/', 'leads to 127.0.0.1, which is not a public address'],
    ['https://[::ffff:10.0.0.1]/', 'leads to ::ffff:a00:1, which is not a public address'],
    ['https://localhost:4500/', 'leads to "localhost", which is not a public name'],
    ['https://a.LOCALHOST./', 'leads to "a.localhost", which is not a public name'],
    [
      'https://metadata.google.internal/',
      'leads to "metadata.google.internal", which is not a public name',
    ],
    ['https://router/', 'leads to "router", which is not a public name'],
  ])('%s is refused', (url, problem) => {
    expect(webTargetProblem(url)).toBe(problem);
  });
});
