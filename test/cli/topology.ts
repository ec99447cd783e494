/** Counts, from the JSON alone and without the reader under test, what in a topology file has to get a verdict. */

interface Json {
  readonly [key: string]: unknown;
}

interface Written extends Json {
  readonly id: string;
  readonly type?: string;
}

const PLATFORM = [
  'azurebastionsubnet',
  'gatewaysubnet',
  'azurefirewallsubnet',
  'azurefirewallmanagementsubnet',
  'routeserversubnet',
];

/** Ids (lower case) of the IP configurations, the subnets for machines, and the groups that are attached to nothing. */
export function endpointsWritten(file: { readonly resources: readonly Written[] }): string[] {
  const all = file.resources;
  const ofType = (type: string): readonly Written[] =>
    all.filter((resource) => resource.type?.toLowerCase() === `microsoft.network/${type}`);
  const groups = new Set(ofType('networksecuritygroups').map(({ id }) => id.toLowerCase()));
  const subnets = new Map<string, Json>();
  for (const network of ofType('virtualnetworks')) {
    for (const subnet of list(properties(network).subnets)) {
      subnets.set(`${network.id}/subnets/${String(subnet.name)}`.toLowerCase(), properties(subnet));
    }
  }
  for (const subnet of ofType('virtualnetworks/subnets')) subnets.set(subnet.id.toLowerCase(), properties(subnet));

  const cards = ofType('networkinterfaces').flatMap((card) =>
    list(properties(card).ipConfigurations).map((ip) => ({
      id: `${card.id}/ipConfigurations/${String(ip.name)}`.toLowerCase(),
      subnet: reference(properties(ip).subnet),
      group: reference(properties(card).networkSecurityGroup),
    })),
  );
  const privateEndpoints = new Set(
    ofType('privateendpoints').map((endpoint) => reference(properties(endpoint).subnet)),
  );
  const attached = new Set<string | undefined>([
    ...[...subnets.values()].map((subnet) => reference(subnet.networkSecurityGroup)),
    ...cards.map(({ group }) => group),
  ]);
  const isKnown = (group: string | undefined): boolean => group === undefined || groups.has(group);
  const forMachines = [...subnets].filter(([id, subnet]) => {
    const isPlatform = PLATFORM.includes(id.split('/').at(-1) ?? '') || list(subnet.delegations).length > 0;
    const isPrivate = privateEndpoints.has(id) && cards.every((card) => card.subnet !== id);
    return !isPlatform && !isPrivate && isKnown(reference(subnet.networkSecurityGroup));
  });
  return [
    ...forMachines.map(([id]) => id),
    ...cards
      .filter(({ subnet, group }) => subnet !== undefined && subnets.has(subnet) && isKnown(group))
      .map(({ id }) => id),
    ...[...groups].filter((group) => !attached.has(group)),
  ];
}

function properties(value: Json): Json {
  return (value.properties ?? {}) as Json;
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function reference(value: unknown): string | undefined {
  const id = (value as Json | undefined)?.id;
  return typeof id === 'string' ? id.toLowerCase() : undefined;
}
