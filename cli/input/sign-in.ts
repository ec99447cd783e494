/** Which of the exported JSON is about sign-in: objects of Microsoft Graph, and what ARM knows of roles. */
import { entriesOf, type EntryKind } from '../../shared/identity/entry';
import { isObject, type JsonObject, textOf } from '../../shared/network/json';
import { keyOf, type ResourceKey } from '../../shared/network/network';

/** What roles are about, and is there without any of them as well. */
const ASSETS: readonly EntryKind[] = [
  'virtual-machine',
  'extension',
  'bastion-host',
  'network-interface',
  'virtual-network',
  'key-vault',
];
/** Assets that the network does not consist of. */
const BESIDE_THE_NETWORK: readonly EntryKind[] = ['extension', 'key-vault'];

const CONTEXT = '@odata.context';

/** How findings and gaps name objects of Graph, by the kind of object. */
const PATHS: Readonly<Partial<Record<EntryKind, string>>> = {
  'conditional-access-policy': '/identity/conditionalaccess/policies/',
  'authentication-context': '/identity/conditionalaccess/authenticationcontextclassreferences/',
  'authentication-strength': '/policies/authenticationstrengthpolicies/',
  user: '/directoryobjects/',
  group: '/directoryobjects/',
  'service-principal': '/directoryobjects/',
};

/** Objects of which a tenant has one state only; people look different wherever they are listed. */
const SETTINGS: readonly EntryKind[] = [
  'conditional-access-policy',
  'authentication-context',
  'authentication-strength',
];

function kindsOf(json: JsonObject): EntryKind[] {
  return entriesOf([json]).map(({ kind }) => kind);
}

/** Whether it says something about who may sign in, what they hold, or how it is activated. */
export function tellsOfSignIn(json: JsonObject): boolean {
  return kindsOf(json).some((kind) => !ASSETS.includes(kind));
}

/** Whether it is a part of the network, as far as its kind tells. */
export function tellsOfNetwork(json: JsonObject): boolean {
  return kindsOf(json).every((kind) => ASSETS.includes(kind) && !BESIDE_THE_NETWORK.includes(kind));
}

/** Whether a page means something beyond its items: that a group's members were read, or the question of a what-if. */
export function isWholePage(page: JsonObject): boolean {
  return textOf(page[CONTEXT]) !== undefined && entriesOf([{ ...page, value: [] }]).length > 0;
}

/** Whether the JSON carries Graph's annotations. */
export function isOfGraph(json: JsonObject): boolean {
  return textOf(json[CONTEXT]) !== undefined || textOf(json['@odata.type']) !== undefined;
}

/** The item with the context of the page that it was taken from. */
export function withContext(item: JsonObject, context: string | undefined): JsonObject {
  return context === undefined || item[CONTEXT] !== undefined ? item : { [CONTEXT]: context, ...item };
}

/** The context of a page, for its items. */
export function contextOf(page: JsonObject): string | undefined {
  return textOf(page[CONTEXT]);
}

/** What an object of Graph is known by: a setting by its id wherever it was read, anything else only within its list. */
export function graphIdentityOf(json: JsonObject): { readonly key: string; readonly isUnique: boolean } {
  const id = textOf(json.id) ?? '';
  const kind = kindsOf(json).find((each) => SETTINGS.includes(each));
  if (kind && id !== '') return { key: `${kind} ${keyOf(id)}`, isUnique: true };
  return { key: `${contextOf(json) ?? ''} ${keyOf(id)}`, isUnique: false };
}

/** A setting without its annotations, which depend on how it was asked for. */
export function withoutAnnotations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAnnotations);
  if (!isObject(value)) return value;
  const own = Object.entries(value).filter(([name]) => !name.includes('@odata.'));
  return Object.fromEntries(own.map(([name, entry]) => [name, withoutAnnotations(entry)]));
}

/** The id under which findings speak of an object of Graph. */
export function graphKeyOf(json: JsonObject): ResourceKey | undefined {
  const id = textOf(json.id);
  const path = kindsOf(json).flatMap((kind) => PATHS[kind] ?? [])[0];
  return id === undefined || path === undefined ? undefined : keyOf(`${path}${id}`);
}
