/** What in a template is literal in all but form: the id of a resource that has a type and a name, and resourceId() of texts. */
import { isObject, type JsonObject, textOf } from '../../shared/network/json';

/** Stands for the resource group that a deployment will be made to. */
export const SOME_RESOURCE_GROUP = '-';

/** The resource with its id, and with references to other resources of the template written out. */
export function withLiteralIds(json: JsonObject, resourceGroup: string): JsonObject {
  if (textOf(json.id)) return json;
  const type = textOf(json.type);
  const name = textOf(json.name);
  if (!type?.includes('/') || !name) return json;
  const written = writtenOut(json, resourceGroup);
  return isObject(written) ? { ...written, id: idOf(resourceGroup, type, name.split('/')) } : json;
}

function idOf(resourceGroup: string, type: string, names: readonly string[]): string {
  const [namespace, ...types] = type.split('/');
  const path = types.map((segment, index) => `${segment}/${names[index] ?? ''}`);
  return `/subscriptions/-/resourceGroups/${resourceGroup}/providers/${namespace}/${path.join('/')}`;
}

/** Nested templates are read on their own, with the resource group they go to. */
function writtenOut(value: unknown, resourceGroup: string): unknown {
  if (typeof value === 'string') return literalResourceId(value, resourceGroup) ?? value;
  if (Array.isArray(value)) return value.map((entry) => writtenOut(entry, resourceGroup));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, key === 'template' ? entry : writtenOut(entry, resourceGroup)]),
  );
}

/** ARM's own limit for a template expression is far above any such reference. */
const LONGEST = 1000;
const RESOURCE_ID = /^\[\s*resourceId\(\s*((?:'[^'[\]]*'(?:\s*,\s*)?)+)\s*\)\s*\]$/i;

/**
 * `[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet', 'app')]`, with a resource group before it or not
 * (https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-resource#resourceid).
 */
function literalResourceId(text: string, resourceGroup: string): string | undefined {
  if (text.length > LONGEST) return undefined;
  const parts = RESOURCE_ID.exec(text)?.[1]
    ?.match(/'[^']*'/g)
    ?.map((part) => part.slice(1, -1));
  if (!parts) return undefined;
  const at = parts.findIndex((part) => part.includes('/'));
  const type = parts[at];
  const names = parts.slice(at + 1);
  if (type === undefined || at > 1 || names.length !== type.split('/').length - 1) return undefined;
  return idOf(at === 1 ? (parts[0] ?? resourceGroup) : resourceGroup, type, names);
}
