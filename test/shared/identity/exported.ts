/** ARM and Graph JSON as it is exported, in short forms for tests of the reader. */
const GRAPH = 'https://graph.microsoft.com/v1.0/$metadata#';
export const SUB = '/subscriptions/5EA1AB1E-0000-4000-8000-000000000001';
export const ROLE = 'ba571000-0000-4000-8000-000000000001';
export const ALEX = 'a1e00000-0000-4000-8000-000000000001';
export const OPS = 'ba570000-0000-4000-8000-0000000000ba';

/** A resource of Microsoft.Authorization at the subscription. */
export function authorization(kind: string, name: string, properties: object): object {
  const path = `Microsoft.Authorization/${kind}`;
  return { id: `${SUB}/providers/${path}/${name}`, name, type: path, properties };
}

/** An assignment, schedule or instance of the Bastion role to Alex at the subscription. */
export function held(kind: string, name: string, properties: object = {}): object {
  return authorization(kind, name, {
    scope: SUB,
    roleDefinitionId: `${SUB}/providers/Microsoft.Authorization/roleDefinitions/${ROLE.toUpperCase()}`,
    principalId: ALEX,
    principalType: 'User',
    ...properties,
  });
}

/** A Graph object or page with the context it came in. */
export function graph(context: string, json: object): object {
  return { '@odata.context': `${GRAPH}${context}`, ...json };
}
