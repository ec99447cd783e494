// The corpus as raw resources that the oracle can read: children put back into their parents, ids where a template leaves them out.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArmResource, SecurityGroupResource, SecurityRuleResource } from '../oracle/arm';
import { sameId } from '../oracle/arm';

/** One line of nsgs.jsonl: a group as its authors wrote it, and what Azure would refuse in it. */
export interface CorpusGroup {
  readonly id: string;
  readonly name: string;
  readonly securityRules: readonly SecurityRuleResource[];
  readonly issues: readonly string[];
}

export interface Topology {
  readonly name: string;
  /** As the file has them: what the product is given. */
  readonly resources: readonly ArmResource[];
  /** The same with every child inside its parent: what the oracle reads. */
  readonly nested: readonly ArmResource[];
}

/** The corpus beside this checkout; undefined when it is not there. */
export function findCorpus(folder = join(process.cwd(), '../shared/corpus')): string | undefined {
  return existsSync(join(folder, 'nsgs.jsonl')) ? folder : undefined;
}

export function readGroups(corpus: string): CorpusGroup[] {
  const lines = readFileSync(join(corpus, 'nsgs.jsonl'), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const { _id: id, _issues: issues, ...group } = JSON.parse(line) as Written;
      return { ...group, id, issues };
    });
}

interface Written extends Pick<CorpusGroup, 'name' | 'securityRules'> {
  readonly _id: string;
  readonly _issues: readonly string[];
}

/** The group as a resource with an id of its own: names occur more than once in the corpus. */
export function resourceOf({ id: number, name, securityRules }: CorpusGroup): SecurityGroupResource {
  const id = `/subscriptions/-/resourceGroups/corpus/providers/Microsoft.Network/networkSecurityGroups/${number}`;
  return { id, name, type: 'Microsoft.Network/networkSecurityGroups', properties: { securityRules } };
}

export function readTopologies(corpus: string): Topology[] {
  const folder = join(corpus, 'topologies');
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.toSorted().map((name) => {
    const { resources } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { resources: ArmResource[] };
    return { name, resources, nested: nest(resources) };
  });
}

/** Where each kind of child belongs in its parent. */
const collections = ['subnets', 'virtualNetworkPeerings', 'securityRules', 'ipConfigurations'];

interface Child {
  readonly id?: string;
  readonly name?: string;
}

function nest(resources: readonly ArmResource[]): ArmResource[] {
  return resources.map((parent) => {
    const entries = collections.flatMap((collection): [string, Child[]][] => {
      const inside = ((parent.properties as Record<string, unknown>)[collection] ?? []) as Child[];
      const beside = resources.filter(({ id }) =>
        sameId(id.split('/').slice(0, -1).join('/'), `${parent.id}/${collection}`),
      );
      const named = inside.map((child) => ({ ...child, id: child.id ?? `${parent.id}/${collection}/${child.name}` }));
      // Written twice, the resource of its own says more.
      const rest = named.filter(({ id }) => !beside.some((child) => sameId(child.id, id)));
      return inside.length + beside.length > 0 ? [[collection, [...rest, ...beside]]] : [];
    });
    return { ...parent, properties: { ...parent.properties, ...Object.fromEntries(entries) } };
  });
}
