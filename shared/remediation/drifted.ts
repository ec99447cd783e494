/** What drifted since a state was accepted, in the smallest pieces that can be put back each by itself. */
import type { NetworkAction } from '../network/action';
import { isObject, type JsonObject, listOf, objectOf, propertiesOf, textOf } from '../network/json';
import { keyOf, nameOf, type ResourceKey } from '../network/network';
import { edited, valueAt } from '../network/resource-edit';
import { editsBack, isSame } from './json-drift';

/** One piece of drift. Pieces of one rule are put back together: see `actionsFor`. */
export type DriftPiece = {
  readonly resource: ResourceKey;
  readonly title: string;
  /** Whether it is something that was taken away, or a deny that no longer denies what it did. */
  readonly wasTaken?: true;
} & (
  | { readonly kind: 'action'; readonly action: NetworkAction; readonly needsApproval?: string }
  | { readonly kind: 'rule-part'; readonly rule: JsonObject; readonly part: JsonObject }
);

const GROUP = 'microsoft.network/networksecuritygroups';
const NETWORK = 'microsoft.network/virtualnetworks';
/** What is made anew when it was deleted; other things come back with settings nobody has seen since. */
const RESTORABLE: ReadonlySet<string> = new Set([GROUP, `${NETWORK}/virtualnetworkpeerings`]);
/** Addresses, ports and the like belong together: half of a side put back would be a rule that nobody ever wrote. */
const RULE_PARTS: readonly (readonly string[])[] = [
  ['sourceAddressPrefix', 'sourceAddressPrefixes', 'sourceApplicationSecurityGroups'],
  ['destinationAddressPrefix', 'destinationAddressPrefixes', 'destinationApplicationSecurityGroups'],
  ['sourcePortRange', 'sourcePortRanges'],
  ['destinationPortRange', 'destinationPortRanges'],
  ['protocol'],
  ['access'],
  ['direction'],
  ['priority'],
];
const NO_ETAG = Symbol('no etag');

/** Every piece, those of `first` (keys of what a finding is about) before the others. */
export function driftPieces(
  accepted: readonly unknown[],
  now: readonly unknown[],
  first: ReadonlySet<ResourceKey>,
): readonly DriftPiece[] {
  const before = byKey(accepted);
  const after = byKey(now);
  const keys = new Set([...before.keys(), ...after.keys()]);
  const pieces = [...keys].flatMap((key) => piecesOf(key, before.get(key), after.get(key)));
  const isFirst = ({ resource }: DriftPiece): boolean => first.has(resource);
  return [...pieces.filter(isFirst), ...pieces.filter((piece) => !isFirst(piece))];
}

function byKey(resources: readonly unknown[]): Map<ResourceKey, JsonObject> {
  const found = new Map<ResourceKey, JsonObject>();
  for (const resource of resources) {
    const id = isObject(resource) ? textOf(resource.id) : undefined;
    if (id !== undefined && isObject(resource)) found.set(keyOf(id), resource);
  }
  return found;
}

/** ARM moves the etag with every change of a resource and of its children, so an equal one spares the comparison. */
function piecesOf(key: ResourceKey, before: JsonObject | undefined, now: JsonObject | undefined): DriftPiece[] {
  if (before && now && (textOf(before.etag) ?? NO_ETAG) === textOf(now.etag)) return [];
  const type = typeOf(key);
  if (type === GROUP && before && now) return rulePieces(key, before, now);
  if (type === NETWORK && before && now) {
    return [
      ...childPieces(key, 'subnets', before, now),
      ...childPieces(key, 'virtualNetworkPeerings', before, now),
      ...edits(key, NETWORK, withoutChildren(before), withoutChildren(now)),
    ];
  }
  return wholePieces(key, type, before, now);
}

function wholePieces(
  key: ResourceKey,
  type: string,
  before: JsonObject | undefined,
  now: JsonObject | undefined,
): DriftPiece[] {
  const name = nameOf(key);
  if (before && now) return edits(key, type, before, now);
  if (before && RESTORABLE.has(type)) {
    const action = { kind: 'create-resource', resource: key, body: before } as const;
    const title = `make ${name} again as it was accepted`;
    return [{ kind: 'action', resource: key, title, action, wasTaken: true }];
  }
  if (now && type.endsWith('/virtualnetworkpeerings')) {
    const action = { kind: 'delete-resource', resource: key } as const;
    const needsApproval = 'deleting a peering parts networks that somebody joined';
    const title = `delete the peering ${name}, which was not there when the state was accepted`;
    return [{ kind: 'action', resource: key, title, action, needsApproval }];
  }
  return [];
}

function edits(key: ResourceKey, type: string, before: JsonObject, now: JsonObject): DriftPiece[] {
  return editsBack(type, before, now).map((edit) => {
    const where = edit.path
      .filter((step) => step !== 'properties')
      .map((step) => (typeof step === 'string' ? step : nameOf(step.named)))
      .join(' ');
    const title = `put ${where} of ${nameOf(key)} back as it was accepted`;
    const isForwarding = edit.path.some((step) => typeof step === 'string' && FORWARDING_FLAGS.has(step));
    const needsApproval = 'gateway and forwarding settings of a peering decide on roads of others';
    const action = { kind: 'edit-resource', resource: key, edits: [edit] } as const;
    const wasTaken = edit.value !== undefined &&
      isSame(valueAt(now, edit.path), undefined) && { wasTaken: true as const };
    return { kind: 'action', resource: key, title, action, ...wasTaken, ...(isForwarding && { needsApproval }) };
  });
}

const FORWARDING_FLAGS: ReadonlySet<string> = new Set([
  'allowForwardedTraffic',
  'allowGatewayTransit',
  'useRemoteGateways',
]);

function childPieces(parent: ResourceKey, collection: string, before: JsonObject, now: JsonObject): DriftPiece[] {
  const [past, present] = [before, now].map(
    (json) =>
      new Map(
        listOf(propertiesOf(json)[collection])
          .filter(isObject)
          .map((child) => [(textOf(child.name) ?? '').toLowerCase(), child] as const),
      ),
  );
  const names = [...new Set([...(past?.keys() ?? []), ...(present?.keys() ?? [])])];
  return names.flatMap((name) => {
    const key = `${parent}/${collection.toLowerCase()}/${name}`;
    return wholePieces(key, typeOf(key), past?.get(name), present?.get(name));
  });
}

function withoutChildren(json: JsonObject): JsonObject {
  const { subnets: _, virtualNetworkPeerings: __, ...properties } = objectOf(json.properties);
  return { ...json, properties };
}

function rulePieces(key: ResourceKey, before: JsonObject, now: JsonObject): DriftPiece[] {
  const [past, present] = [before, now].map(rulesOf);
  const names = [...new Set([...(past?.keys() ?? []), ...(present?.keys() ?? [])])];
  const group = nameOf(key);
  return names.flatMap((name): DriftPiece[] => {
    const [was, is] = [past?.get(name), present?.get(name)];
    const rule = textOf((is ?? was)?.name) ?? name;
    if (!was) {
      const action = { kind: 'remove-rule', securityGroup: key, rule } as const;
      const title = `remove ${group}/${rule}, which was not there when the state was accepted`;
      return [{ kind: 'action', resource: key, title, action }];
    }
    if (!is) {
      const action = { kind: 'restore-rule', securityGroup: key, rule, body: was } as const;
      const title = `put ${group}/${rule} back as it was accepted`;
      return [{ kind: 'action', resource: key, title, action, wasTaken: true }];
    }
    return RULE_PARTS.flatMap((properties): DriftPiece[] => {
      const [old, current] = [was, is].map((json) => propertiesOf(json));
      if (!old || !current || properties.every((each) => isSame(old[each], current[each]))) return [];
      const part = Object.fromEntries(properties.map((each) => [each, old[each]]));
      const title = `put ${properties[0] ?? ''} of ${group}/${rule} back as it was accepted`;
      const wasDeny = textOf(old.access)?.toLowerCase() === 'deny' && { wasTaken: true as const };
      return [{ kind: 'rule-part', resource: key, title, rule: is, part, ...wasDeny }];
    });
  });
}

function rulesOf(json: JsonObject): ReadonlyMap<string, JsonObject> {
  const rules = listOf(propertiesOf(json).securityRules).filter(isObject);
  return new Map(rules.map((rule) => [(textOf(rule.name) ?? '').toLowerCase(), rule]));
}

/** `…/providers/microsoft.network/virtualnetworks/v/subnets/s` → `microsoft.network/virtualnetworks/subnets`. */
function typeOf(key: ResourceKey): string {
  const [, namespace = '', rest = ''] = /^.*\/providers\/([^/]+)\/(.+)$/.exec(key) ?? [];
  return [namespace, ...rest.split('/').filter((_, index) => index % 2 === 0)].join('/');
}

/** The actions that put these pieces back: one for each rule and each resource. */
export function actionsFor(pieces: readonly DriftPiece[]): readonly NetworkAction[] {
  const actions: NetworkAction[] = [];
  const rules = new Map<string, { group: ResourceKey; rule: JsonObject }>();
  const ofResources = new Map<ResourceKey, Extract<NetworkAction, { kind: 'edit-resource' }>>();
  for (const piece of pieces) {
    if (piece.kind === 'rule-part') {
      const key = `${piece.resource} ${textOf(piece.rule.name) ?? ''}`;
      const rule = rules.get(key)?.rule ?? piece.rule;
      rules.set(key, { group: piece.resource, rule: withPart(rule, piece.part) });
    } else if (piece.action.kind === 'edit-resource') {
      const known = ofResources.get(piece.resource)?.edits ?? [];
      ofResources.set(piece.resource, { ...piece.action, edits: [...known, ...piece.action.edits] });
    } else actions.push(piece.action);
  }
  const restored = [...rules.values()].map(({ group, rule }): NetworkAction => {
    return { kind: 'restore-rule', securityGroup: group, rule: textOf(rule.name) ?? '', body: rule };
  });
  return [...actions, ...restored, ...[...ofResources.values()].toSorted((a, b) => turnOf(a) - turnOf(b))];
}

/** What is referred to comes back before whoever refers to it, and goes after it. */
function turnOf({ resource, edits: all }: Extract<NetworkAction, { kind: 'edit-resource' }>): number {
  if (REFERRING.has(typeOf(resource))) return 1;
  return all.every(({ value }) => value === undefined) ? 2 : 0;
}

const REFERRING: ReadonlySet<string> = new Set(['microsoft.network/networkinterfaces', `${NETWORK}/subnets`]);

function withPart(rule: JsonObject, part: JsonObject): JsonObject {
  const editsOfPart = Object.entries(part).map(([name, value]) => ({
    path: ['properties', name],
    ...(value !== undefined && { value }),
  }));
  return edited(rule, editsOfPart);
}
