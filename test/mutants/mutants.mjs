// The mistakes that readers of network security groups make, each as one small change to the sources in shared/network.

/**
 * `from` must occur exactly once in shared/network (in whichever file); it is replaced by `to`.
 * @type {readonly { name: string, from: string, to: string }[]}
 */
export const mutants = [
  {
    name: 'the interface’s group is dropped',
    from: "const inner = layerOf(network, 'interface', nic.securityGroup);",
    to: "const inner = layerOf(network, 'interface', undefined);",
  },
  {
    name: 'the subnet’s group is dropped for machines',
    from: "const outer = layerOf(network, 'subnet', subnet.securityGroup);\n  const inner",
    to: "const outer = layerOf(network, 'subnet', undefined);\n  const inner",
  },
  {
    name: 'either layer is enough',
    from: "return admitted.filter(({ owner }) => owner === NOBODY || rules[owner]?.rule.access === 'allow');",
    to: "return layer === 'interface' ? [whole] : admitted.filter(({ owner }) => owner === NOBODY || rules[owner]?.rule.access === 'allow');",
  },
  {
    name: 'the last match wins',
    from: 'return a.priority - b.priority || compare(a.access, b.access) || compare(a.name, b.name);',
    to: 'return b.priority - a.priority || compare(a.access, b.access) || compare(a.name, b.name);',
  },
  {
    name: 'priorities are sorted as text',
    from: 'return a.priority - b.priority || compare(a.access, b.access) || compare(a.name, b.name);',
    to: 'return compare(String(a.priority), String(b.priority)) || compare(a.name, b.name);',
  },
  {
    name: 'the order of the list is the priority',
    from: 'return a.priority - b.priority || compare(a.access, b.access) || compare(a.name, b.name);',
    to: 'return compare(a.name, a.name);',
  },
  {
    name: 'service tags are case-sensitive',
    from: "switch (tag.toLowerCase()) {\n    case 'virtualnetwork':",
    to: "switch (tag) {\n    case 'VirtualNetwork':",
  },
  {
    name: 'access is case-sensitive',
    from: "const lower = typeof value === 'string' ? value.toLowerCase() : undefined;\n  const word",
    to: "const lower = typeof value === 'string' ? value.charAt(0).toLowerCase() + value.slice(1) : undefined;\n  const word",
  },
  {
    name: 'plural fields are ignored',
    from: 'const texts = [...listOf(properties[plural])];\n  if (one',
    to: 'const texts: unknown[] = [];\n  if (one',
  },
  {
    name: 'only the first of several prefixes counts',
    from: 'unionOf(matches.map((match) => resolveMatch(match, rule, context, unknownTags)));',
    to: 'unionOf(matches.slice(0, 1).map((match) => resolveMatch(match, rule, context, unknownTags)));',
  },
  {
    name: 'default rules are forgotten',
    from: ': DEFAULT_RULES;',
    to: ': [];',
  },
  {
    name: 'AllowVnetInBound is forgotten',
    from: "  defaultRule('AllowVnetInBound', 'inbound', 65000, 'allow', VNET, VNET),\n",
    to: '',
  },
  {
    name: 'a Deny for some ports shadows all of them',
    from: 'if (hasPorts(protocol)) return includes(rule.destinationPorts, port);',
    to: "if (hasPorts(protocol)) return rule.access === 'deny' || includes(rule.destinationPorts, port);",
  },
  {
    name: 'a Deny for one machine shadows the whole subnet',
    from: "return isEmpty(addressIntersection(destination.addresses, rule.destinations)) ? 'none' : 'part';",
    to: "return isEmpty(addressIntersection(destination.addresses, rule.destinations)) ? 'none' : 'whole';",
  },
  {
    name: 'IPv6 is left out',
    from: "let classes = [ofFamily(endpoint.addresses, 'ipv4'), ofFamily(endpoint.addresses, 'ipv6')]",
    to: "let classes = [ofFamily(endpoint.addresses, 'ipv4')]",
  },
  {
    name: '* is IPv4 only',
    from: "case 'any':\n      return EVERY_ADDRESS;",
    to: "case 'any':\n      return EVERY_IPV4;",
  },
  {
    name: 'source ports are ignored',
    from: 'const isFrom = ({ rule }: ResolvedRule): boolean => includes(rule.sourcePorts, port);',
    to: 'const isFrom = ({ rule }: ResolvedRule): boolean => includes(rule.sourcePorts, port) || port >= 0;',
  },
  {
    name: 'only one source port is tried',
    from: 'return sourcePortClasses(slices.flatMap(({ rules }) => rules));',
    to: 'return sourcePortClasses(slices.flatMap(({ rules }) => rules)).slice(0, 1);',
  },
  {
    name: 'application security groups are matched by name',
    from: "(match.kind === 'application-group' ? match.group : [])",
    to: "(match.kind === 'application-group' ? match.group.slice(match.group.lastIndexOf('/')) : [])",
  },
  {
    name: 'an application security group as a source is everybody',
    from: "return context.members.get(match.group)?.[rule.access === 'allow' ? 'possible' : 'certain'] ?? NO_ADDRESS;",
    to: 'return EVERY_ADDRESS;',
  },
  {
    name: 'a member of an application security group without an address is nowhere',
    from: 'known.possible.push(address ? setOfAddress(address) : anywhere);',
    to: 'known.possible.push(address ? setOfAddress(address) : NO_ADDRESS);',
  },
  {
    name: 'a Deny covers wherever a member of an application security group may be',
    from: 'if (address) known.certain.push(setOfAddress(address));',
    to: 'known.certain.push(address ? setOfAddress(address) : anywhere);',
  },
  {
    name: 'a member without an address may have one of either family',
    from: 'const anywhere = family ? ofFamily(prefixes, family) : prefixes;',
    to: 'const anywhere = prefixes;',
  },
  {
    name: 'an unknown tag in an Allow is nobody',
    from: "return rule.access === 'allow' ? EVERY_ADDRESS : NO_ADDRESS;",
    to: 'return NO_ADDRESS;',
  },
  {
    name: 'an unknown tag in a Deny is everybody',
    from: "return rule.access === 'allow' ? EVERY_ADDRESS : NO_ADDRESS;",
    to: 'return EVERY_ADDRESS;',
  },
  {
    name: 'the state of a peering is ignored',
    from: "return peering.state === undefined || peering.state.toLowerCase() === 'connected';",
    to: "return peering.state !== 'never';",
  },
  {
    name: 'VirtualNetwork is the own network alone',
    from: 'const peers = virtualNetwork.peerings.filter((peering) => isConnected(peering)',
    to: 'const peers = virtualNetwork.peerings.slice(0, 0).filter((peering) => isConnected(peering)',
  },
  {
    name: 'a peering without access still widens VirtualNetwork',
    from: 'allowVirtualNetworkAccess: properties.allowVirtualNetworkAccess !== false,',
    to: 'allowVirtualNetworkAccess: true,',
  },
  {
    name: 'Internet is every address',
    from: 'return addressDifference(EVERY_ADDRESS, virtualNetworkAddresses);',
    to: 'return EVERY_ADDRESS;',
  },
  {
    name: 'a range ends one short',
    from: 'return { ipv4: [[low.value, high.value]], ipv6: [] };',
    to: 'return { ipv4: [[low.value, Math.max(low.value, high.value - 1)]], ipv6: [] };',
  },
  {
    name: 'host bits are not masked',
    from: 'const low = Math.floor(address.value / size) * size;',
    to: 'const low = address.value;',
  },
  {
    name: 'a prefix is one address too long',
    from: '[[low, low + size - 1]]',
    to: '[[low, Math.min(low + size, 2 ** 32 - 1)]]',
  },
  {
    name: 'the protocol is ignored',
    from: "if (rule.protocol !== '*' && rule.protocol !== protocol) return false;",
    to: '',
  },
  {
    name: 'a rule for some ports means ICMP too',
    from: 'return isEveryPort(rule.destinationPorts) && isEveryPort(rule.sourcePorts);',
    to: 'return isEveryPort(rule.sourcePorts);',
  },
  {
    name: 'the destination is ignored',
    from: "if (rule.destinations === EVERY_ADDRESS || isWithin(destination.addresses, rule.destinations)) return 'whole';",
    to: "if (rule.destinations !== undefined) return 'whole';",
  },
  {
    name: 'the direction is ignored',
    from: '.filter((rule) => rule.direction === direction)',
    to: '.filter((rule) => rule.direction !== undefined)',
  },
  {
    name: 'the last port of a range is left out',
    from: 'return low <= high && high <= 65535 ? [[low, high]] : undefined;',
    to: 'return low <= high && high <= 65535 ? [[low, Math.max(low, high - 1)]] : undefined;',
  },
  {
    name: 'a Standard public IP is open by default',
    from: "if (!publicIp || (publicIp.sku === 'standard' && isWithoutGroup(endpoint))) return [];",
    to: 'if (!publicIp) return [];',
  },
  {
    name: 'a peering that is not connected is a door',
    from: 'for (const peering of virtualNetwork.peerings.filter(isConnected)) {',
    to: 'for (const peering of virtualNetwork.peerings) {',
  },
  {
    name: 'a translated port is taken for the machine’s',
    from: 'return forwarding.backendPort === port ? forwarding.frontendPorts[0]?.[0] : undefined;',
    to: 'return includes(forwarding.frontendPorts, port) ? port : undefined;',
  },
  {
    name: 'security admin rules are not asked',
    from: 'layers: [...adminLayers(network, virtualNetwork), outer, inner],',
    to: 'layers: [outer, inner],',
  },
  {
    name: 'AlwaysAllow is an Allow',
    from: '...(isAlways && { bypassesGroups: true })',
    to: '...(false && { bypassesGroups: true })',
  },
  {
    name: 'a security admin rule that does not match is a Deny',
    from: "const admitted = layer === 'admin' ? withRest(owned, whole) : owned;",
    to: 'const admitted = owned;',
  },
  {
    name: 'an admin Allow of an unknown tag surely matches',
    from: "if (layer !== 'admin' || rules.every(({ sure }) => sure === undefined)) return [];",
    to: "if (layer !== 'subnet' || rules.every(({ sure }) => sure === undefined)) return [];",
  },
  {
    name: 'an admin Allow of an unknown tag is sure of nothing',
    from: 'return { sources: resolve(rule.sources), destinations: resolve(rule.destinations) };',
    to: 'return { sources: resolve([]), destinations: resolve(rule.destinations) };',
  },
  {
    name: 'what an admin Allow of an unknown tag surely matches is the same at every address',
    from: 'isWithin(destinations, rule.destinations);',
    to: 'destinations !== rule.destinations;',
  },
  {
    name: 'what an admin Allow of an unknown tag surely matches is the same in both readings',
    from: '...(resolved.sure && { sure: surePartOf(rule, wide) }),',
    to: '',
  },
  {
    name: 'user routes do not widen VirtualNetwork',
    from: 'const possible = more.length === 0 ? certain : unionOf([certain, ...more]);',
    to: 'const possible = certain;',
  },
  {
    name: 'gateways do not widen VirtualNetwork',
    from: '...gatewaysOf(network, virtualNetwork).map((gateway) => gateway.addresses),',
    to: '',
  },
  {
    name: 'gateways of peers are used unasked',
    from: '.filter((peering) => isConnected(peering) && peering.useRemoteGateways)',
    to: '.filter((peering) => isConnected(peering))',
  },
  {
    name: 'VirtualNetwork has one meaning, the widest',
    from: 'return certain === possible ? CERTAIN : BOTH;',
    to: "return certain === possible ? CERTAIN : ['widest'];",
  },
];
