// The naive oracle against answers computed by hand from Azure's documentation: one line per case.
import type { ArrivingPacket, Packet } from './naive';
import type { SmallEstate } from './small-estate';
import { describe, expect, test } from '@jest/globals';
import { isProtocol, judgePacket, judgeUnattached } from './naive';
import { rules } from './rule-text';
import { database, hubId, securityGroup, smallEstate, spokeSubnet, webServer, webServerV6 } from './small-estate';

/** "SOURCE[#SOURCE PORT] PORT[/PROTOCOL]" towards the web server, over the family of the source. */
function packet(text: string): ArrivingPacket {
  const [, source = '', sourcePort = '49152', port = '', protocol = 'tcp'] =
    /^([^ #]+)(?:#(\d+))? (\d+)(?:\/(\w+))?$/.exec(text) ?? [];
  if (!isProtocol(protocol)) throw new Error(`not a packet: ${text}`);
  const arrival = source.includes(':')
    ? { endpoint: webServerV6, destination: 'fd00:1::4' }
    : { endpoint: webServer, destination: '10.1.0.4' };
  return { ...arrival, protocol, source, sourcePort: Number(sourcePort), destinationPort: Number(port) };
}

type Case = readonly [name: string, rules: string, packet: string, answer: 'allowed' | 'denied'];

const defaultRules: Case[] = [
  ['keep the Internet out', '', '203.0.113.7 22', 'denied'],
  ['let the same network in, to any port', '', '10.1.0.77 22', 'allowed'],
  ['let a peered network in', '', '10.0.200.9 3389', 'allowed'],
  ['keep a network out that is peered only with the peer', '', '10.9.0.4 22', 'denied'],
  ['keep private space out that is in no network', '', '192.168.0.9 22', 'denied'],
  ['let health probes in', '', '168.63.129.16 22', 'allowed'],
  ['let the same network in over IPv6', '', 'fd00:1::77 22', 'allowed'],
  ['keep IPv6 strangers out', '', '2001:db8::7 22', 'denied'],
];

const firstMatch: Case[] = [
  ['a lower number wins: Deny', 'deny 100 from Internet; allow 101 port 22', '203.0.113.7 22', 'denied'],
  ['a lower number wins: Allow', 'allow 100 port 22; deny 101 from Internet', '203.0.113.7 22', 'allowed'],
  ['order in the list is not priority', 'deny 300; allow 200 port 22', '203.0.113.7 22', 'allowed'],
  ['DenyOtherPorts shadows the default Allow', 'deny 4096 from VirtualNetwork', '10.1.0.77 22', 'denied'],
  ['DenyOtherPorts cuts probes as well', 'deny 4096 from VirtualNetwork', '168.63.129.16 80', 'denied'],
  ['a Deny that covers the Allow fully', 'deny 100 from 0.0.0.0/0; allow 110 port 22', '203.0.113.7 22', 'denied'],
  ['a Deny narrower by source', 'deny 100 from 203.0.113.7; allow 110 port 22', '203.0.113.8 22', 'allowed'],
  ['a Deny narrower by protocol', 'deny 100 protocol Udp; allow 110 port 22', '203.0.113.7 22', 'allowed'],
  ['a Deny narrower by destination', 'deny 100 to 10.1.0.5; allow 110 port 22', '203.0.113.7 22', 'allowed'],
  ['a Deny narrower by port', 'deny 100 port 3389; allow 110 port 22', '203.0.113.7 22', 'allowed'],
  ['a Deny narrower by source port', 'deny 100 source-port 0-1023; allow 110 port 22', '203.0.113.7 22', 'allowed'],
  ['a decoy Deny stops only its own address', 'deny 100 from 203.0.113.7; allow 110', '203.0.113.7 22', 'denied'],
];

const sources: Case[] = [
  ['* is everybody', 'allow 100 port 22', '203.0.113.7 22', 'allowed'],
  ['* is IPv6 too', 'allow 100 port 22', '2001:db8::7 22', 'allowed'],
  ['Any is everybody', 'allow 100 from Any port 22', '203.0.113.7 22', 'allowed'],
  ['any is everybody on IPv6 too', 'allow 100 from any port 22', '2001:db8::7 22', 'allowed'],
  ['0.0.0.0/0 is everybody on IPv4', 'allow 100 from 0.0.0.0/0', '203.0.113.7 22', 'allowed'],
  ['0.0.0.0/0 is nobody on IPv6', 'allow 100 from 0.0.0.0/0', '2001:db8::7 22', 'denied'],
  ['any other address with /0 is everybody too', 'allow 100 from 192.0.2.1/0', '203.0.113.7 22', 'allowed'],
  ['::/0 is everybody on IPv6', 'allow 100 from ::/0 port 22', '2001:db8::7 22', 'allowed'],
  ['::/0 is nobody on IPv4', 'allow 100 from ::/0 port 22', '203.0.113.7 22', 'denied'],
  ['Internet is a public address', 'allow 100 from Internet', '203.0.113.7 22', 'allowed'],
  ['Internet is IPv6 too', 'allow 100 from Internet', '2001:db8::7 22', 'allowed'],
  ['Internet in any casing', 'allow 100 from Internet in-mixed-case', '203.0.113.7 22', 'allowed'],
  ['Internet is not the peered network', 'deny 100 from Internet', '10.0.0.5 22', 'allowed'],
  ['Internet is not the platform address', 'deny 100 from Internet', '168.63.129.16 80', 'allowed'],
  ['Internet in halves, one rule, lower', 'allow 100 from 0.0.0.0/1,128.0.0.0/1', '8.8.8.8 22', 'allowed'],
  ['Internet in halves, one rule, upper', 'allow 100 from 0.0.0.0/1,128.0.0.0/1', '203.0.113.7 22', 'allowed'],
  [
    'Internet in halves, two rules',
    'allow 100 from 0.0.0.0/1; allow 101 from 128.0.0.0/1',
    '203.0.113.7 22',
    'allowed',
  ],
  ['one half is not the other', 'allow 100 from 0.0.0.0/1', '203.0.113.7 22', 'denied'],
  ['IPv6 in halves', 'allow 100 from ::/1,8000::/1', '2001:db8::7 22', 'allowed'],
  ['a public range', 'allow 100 from 203.0.113.0/24', '203.0.113.7 22', 'allowed'],
  ['the address before a public range', 'allow 100 from 203.0.113.0/24', '203.0.112.255 22', 'denied'],
  ['the address after a public range', 'allow 100 from 203.0.113.0/24', '203.0.114.0 22', 'denied'],
  ['a single public address', 'allow 100 from 203.0.113.7', '203.0.113.7 22', 'allowed'],
  ['a single public address as /32', 'allow 100 from 203.0.113.7/32', '203.0.113.7 22', 'allowed'],
  ['host bits in a prefix are ignored', 'allow 100 from 203.0.113.200/24', '203.0.113.7 22', 'allowed'],
  ['an address range, last address', 'allow 100 from 203.0.113.1-203.0.113.7', '203.0.113.7 22', 'allowed'],
  ['an address range, one after', 'allow 100 from 203.0.113.1-203.0.113.7', '203.0.113.8 22', 'denied'],
  ['an IPv6 prefix however it is written', 'allow 100 from 2001:DB8:0:0::/64', '2001:db8::7 22', 'allowed'],
  ['AzureCloud is wide for Allow', 'allow 100 from AzureCloud', '203.0.113.7 22', 'allowed'],
  ['an unknown tag is empty for Deny', 'deny 100 from AzureCloud; allow 110 port 22', '203.0.113.7 22', 'allowed'],
  ['VirtualNetwork: a jump host', 'allow 100 from VirtualNetwork port 22; deny 110', '10.1.0.77 22', 'allowed'],
  ['VirtualNetwork is not the Internet', 'allow 100 from VirtualNetwork', '203.0.113.7 22', 'denied'],
  ['VirtualNetwork in lower case', 'deny 100 from VirtualNetwork in-lower-case', '10.1.0.77 22', 'denied'],
  ['AzureLoadBalancer is the probes', 'allow 100 from AzureLoadBalancer; deny 110', '168.63.129.16 80', 'allowed'],
  ['AzureLoadBalancer is not what it forwards', 'allow 100 from AZURELOADBALANCER', '203.0.113.7 80', 'denied'],
  ['a prefix merely wider than Bastion', 'allow 100 from 10.0.0.0/25; deny 110', '10.0.0.64 22', 'allowed'],
  ['exactly the prefix of Bastion', 'allow 100 from 10.0.0.0/26; deny 110', '10.0.0.64 22', 'denied'],
];

const singularAndPlural: Case[] = [
  ['a plural of one prefix', 'allow 100 from Internet port 22 plural', '203.0.113.7 22', 'allowed'],
  ['a plural of one port', 'allow 100 port 22 plural', '203.0.113.7 22', 'allowed'],
  ['the last of several prefixes', 'allow 100 from 10.3.0.0/16,203.0.113.0/24', '203.0.113.7 22', 'allowed'],
  ['the last of several ports', 'allow 100 port 80,443,22', '203.0.113.7 22', 'allowed'],
  ['none of several ports', 'allow 100 port 80,443,2222', '203.0.113.7 22', 'denied'],
  ['unused plural arrays left out', 'allow 100 from Internet port 22 no-arrays', '203.0.113.7 22', 'allowed'],
];

const ports: Case[] = [
  ['*', 'allow 100', '203.0.113.7 22', 'allowed'],
  ['0-65535', 'allow 100 port 0-65535', '203.0.113.7 22', 'allowed'],
  ['a range around the port', 'allow 100 port 20-25', '203.0.113.7 22', 'allowed'],
  ['a range that begins at the port', 'allow 100 port 22-80', '203.0.113.7 22', 'allowed'],
  ['a range that ends at the port', 'allow 100 port 0-22', '203.0.113.7 22', 'allowed'],
  ['a range that ends before the port', 'allow 100 port 0-21', '203.0.113.7 22', 'denied'],
  ['a range that begins after the port', 'allow 100 port 23-65535', '203.0.113.7 22', 'denied'],
  ['a range of one port', 'allow 100 port 22-22', '203.0.113.7 22', 'allowed'],
  ['numbers compare as numbers, not as text', 'allow 100 port 100-3388', '203.0.113.7 22', 'denied'],
  ['a source-port limit that limits nothing', 'allow 100 source-port 0-65535', '203.0.113.7#1 22', 'allowed'],
  ['inside a source-port limit', 'allow 100 source-port 1024-65535', '203.0.113.7#1024 22', 'allowed'],
  ['outside a source-port limit', 'allow 100 source-port 1024-65535', '203.0.113.7#1023 22', 'denied'],
];

const protocols: Case[] = [
  ['* is TCP', 'allow 100 port 22 protocol *', '203.0.113.7 22', 'allowed'],
  ['TCP in capitals', 'allow 100 port 22 protocol TCP', '203.0.113.7 22', 'allowed'],
  ['UDP is not a TCP exposure', 'allow 100 port 22 protocol Udp', '203.0.113.7 22', 'denied'],
  ['UDP lets UDP in', 'allow 100 port 3389 protocol Udp', '203.0.113.7 3389/udp', 'allowed'],
  ['ICMP is not a TCP exposure', 'allow 100 protocol Icmp', '203.0.113.7 22', 'denied'],
  ['ICMP lets ICMP in', 'allow 100 protocol ICMP', '203.0.113.7 0/icmp', 'allowed'],
  ['a rule for some ports does not mean ICMP', 'allow 100 port 22 protocol *', '203.0.113.7 22/icmp', 'denied'],
  ['ESP is not a TCP exposure', 'allow 100 protocol Esp', '203.0.113.7 22', 'denied'],
  ['AH is not a TCP exposure', 'allow 100 protocol Ah', '203.0.113.7 22', 'denied'],
];

const directionAndCasing: Case[] = [
  ['an outbound Allow is no exposure', 'allow 100 port 22 outbound', '203.0.113.7 22', 'denied'],
  ['an outbound Deny protects nothing', 'deny 100 outbound; allow 101', '203.0.113.7 22', 'allowed'],
  ['a rule all in capitals', 'allow 100 from Internet port 22 in-capitals', '203.0.113.7 22', 'allowed'],
  ['a rule all in lower case', 'deny 100 from Internet in-lower-case; allow 110', '203.0.113.7 22', 'denied'],
];

const destinations: Case[] = [
  ['the machine', 'allow 100 to 10.1.0.4 port 22', '203.0.113.7 22', 'allowed'],
  ['another machine', 'allow 100 to 10.1.0.5 port 22', '203.0.113.7 22', 'denied'],
  ['VirtualNetwork', 'allow 100 to VirtualNetwork port 22', '203.0.113.7 22', 'allowed'],
  ['Internet is elsewhere', 'allow 100 to Internet port 22', '203.0.113.7 22', 'denied'],
  ['the subnet', 'allow 100 to 10.1.0.0/24 port 22', '203.0.113.7 22', 'allowed'],
  ['only the other family', 'allow 100 to fd00:1::/64 port 22', '203.0.113.7 22', 'denied'],
  ['an unknown tag is wide for Allow', 'allow 100 to Storage.WestEurope', '203.0.113.7 22', 'allowed'],
  ['an unknown tag is empty for Deny', 'deny 100 to Storage; allow 110', '203.0.113.7 22', 'allowed'],
];

const applicationGroups: Case[] = [
  ['to the group of the machine', 'allow 100 to @asg-web port 22', '203.0.113.7 22', 'allowed'],
  ['to the group of another machine', 'allow 100 to @asg-database port 22', '203.0.113.7 22', 'denied'],
  ['to one of several groups', 'allow 100 to @asg-database,@asg-web', '203.0.113.7 22', 'allowed'],
  ['from a member', 'allow 100 from @asg-database port 22; deny 110', '10.1.0.5 22', 'allowed'],
  ['from a member over IPv6', 'allow 100 from @asg-web port 22; deny 110', 'fd00:1:0::0:4 22', 'allowed'],
  ['from no member', 'allow 100 from @asg-database port 22; deny 110', '10.1.0.6 22', 'denied'],
  ['a group referenced in capitals', 'deny 100 to @asg-web in-capitals; allow 110', '203.0.113.7 22', 'denied'],
];

describe.each([
  ['default rules', defaultRules],
  ['the first match decides', firstMatch],
  ['source', sources],
  ['singular and plural', singularAndPlural],
  ['port', ports],
  ['protocol', protocols],
  ['direction and casing', directionAndCasing],
  ['destination', destinations],
  ['application security group', applicationGroups],
])('%s', (_subject, cases) => {
  test.each(cases)('%s', (_name, text, arriving, answer) => {
    const { allowed } = judgePacket(smallEstate({ subnetRules: rules(text) }), packet(arriving));
    expect(allowed).toBe(answer === 'allowed');
  });
});

const open = rules('allow 100 port 22');
const closed = rules('deny 100');
const hubByAddress = rules('allow 100 from 10.0.0.0/16');
const hubSpace = { addressPrefixes: ['10.0.0.0/16'] };
const recorded = { remoteVirtualNetwork: { id: hubId }, remoteVirtualNetworkAddressSpace: hubSpace };

const layers: [name: string, estate: SmallEstate, answer: 'allowed' | 'denied'][] = [
  ['no group at all lets everybody through', {}, 'allowed'],
  ['open subnet, open interface', { subnetRules: open, interfaceRules: open }, 'allowed'],
  ['open subnet, closed interface', { subnetRules: open, interfaceRules: closed }, 'denied'],
  ['closed subnet, open interface', { subnetRules: closed, interfaceRules: open }, 'denied'],
  ['no group on the subnet, open interface', { interfaceRules: open }, 'allowed'],
  ['open subnet, empty group on the interface', { subnetRules: open, interfaceRules: [] }, 'denied'],
  ['each layer allows another port', { subnetRules: open, interfaceRules: rules('allow 100 port 23') }, 'denied'],
];

const peerings: [name: string, estate: SmallEstate, answer: 'allowed' | 'denied'][] = [
  ['none: the hub is a stranger', { subnetRules: [], peering: null }, 'denied'],
  ['none: the hub counts as Internet', { subnetRules: rules('allow 100 from Internet'), peering: null }, 'allowed'],
  ['disconnected: does not count', { subnetRules: [], peering: { peeringState: 'Disconnected' } }, 'denied'],
  ['initiated: does not count', { subnetRules: [], peering: { peeringState: 'Initiated' } }, 'denied'],
  ['without a state: counts', { subnetRules: [], peering: { peeringState: undefined } }, 'allowed'],
  ['without access: narrows the tag', { subnetRules: [], peering: { allowVirtualNetworkAccess: false } }, 'denied'],
  ['without access: no block', { subnetRules: hubByAddress, peering: { allowVirtualNetworkAccess: false } }, 'allowed'],
  [
    'to a network that is not there: its recorded space',
    { subnetRules: [], hubIsKnown: false, peering: recorded },
    'allowed',
  ],
];

describe('subnet and interface together', () => {
  test.each(layers)('%s', (_name, estate, answer) => {
    expect(judgePacket(smallEstate(estate), packet('203.0.113.7 22')).allowed).toBe(answer === 'allowed');
  });

  test('names the deciding rule of each layer, subnet first', () => {
    const estate = smallEstate({ subnetRules: open, interfaceRules: [] });
    expect(judgePacket(estate, packet('203.0.113.7 22')).decisions).toEqual([
      { layer: 'subnet', securityGroup: estate[0]?.id, rule: 'rule-100', priority: 100, access: 'Allow' },
      { layer: 'interface', securityGroup: estate[1]?.id, rule: 'DenyAllInBound', priority: 65500, access: 'Deny' },
    ]);
  });

  test('a machine to come answers to the subnet alone and belongs to no group', () => {
    const toCome = { ...packet('203.0.113.7 22'), endpoint: spokeSubnet.toUpperCase(), destination: '10.1.0.99' };
    const forMembers = rules('allow 100 to @asg-web');
    expect(judgePacket(smallEstate({ subnetRules: open, interfaceRules: [] }), toCome).allowed).toBe(true);
    expect(judgePacket(smallEstate({ subnetRules: forMembers }), toCome).allowed).toBe(false);
  });

  test('an interface without a group answers to the subnet alone', () => {
    const toDatabase = { ...packet('203.0.113.7 22'), endpoint: database, destination: '10.1.0.5' };
    expect(judgePacket(smallEstate({ subnetRules: open, interfaceRules: closed }), toDatabase).allowed).toBe(true);
  });

  test('the default rules in the export are used', () => {
    const group = securityGroup('nsg-subnet', [], rules('deny 65500'));
    const estate = [group, ...smallEstate({ subnetRules: [] }).slice(1)];
    expect(judgePacket(estate, packet('10.1.0.77 22')).allowed).toBe(false);
  });

  test('refuses to guess about an endpoint or a group that is not there', () => {
    const estate = smallEstate({ subnetRules: open });
    const arriving = packet('203.0.113.7 22');
    expect(() => judgePacket(estate, { ...arriving, endpoint: '/nowhere' })).toThrow('no such subnet');
    expect(() => judgePacket(estate.slice(1), arriving)).toThrow('no such network security group');
  });
});

describe('peering', () => {
  test.each(peerings)('%s', (_name, estate, answer) => {
    expect(judgePacket(smallEstate(estate), packet('10.0.0.5 22')).allowed).toBe(answer === 'allowed');
  });
});

const unattached: [name: string, rules: string, source: string, answer: 'allowed' | 'denied'][] = [
  ['10/8 is the virtual network', '', '10.255.255.255', 'allowed'],
  ['172.16/12 is the virtual network', '', '172.31.255.255', 'allowed'],
  ['172.32 is not', '', '172.32.0.0', 'denied'],
  ['192.168/16 is the virtual network', '', '192.168.0.0', 'allowed'],
  ['unique local IPv6 is the virtual network', '', 'fdff::1', 'allowed'],
  ['other IPv6 is not', '', 'fe00::1', 'denied'],
  ['the platform address is let in', '', '168.63.129.16', 'allowed'],
  ['a public address is the Internet', 'allow 100 from Internet', '203.0.113.7', 'allowed'],
  ['a private address is not the Internet', 'allow 100 from Internet; deny 101', '10.0.0.1', 'denied'],
  ['shared space (RFC 6598) is not the virtual network', '', '100.64.0.1', 'denied'],
];

describe('a group that is attached nowhere', () => {
  test.each(unattached)('%s', (_name, text, source, answer) => {
    const destination = source.includes(':') ? 'fd00::4' : '10.0.0.4';
    const alone: Packet = { protocol: 'tcp', source, sourcePort: 49152, destination, destinationPort: 22 };
    const { allowed } = judgeUnattached(securityGroup('nsg-alone', rules(text)), alone);
    expect(allowed).toBe(answer === 'allowed');
  });
});
