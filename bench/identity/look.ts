/** Looks at a tenant through the guardrail's own clients and counts at the wire what that takes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalAzure } from '../../playground/azure';
import { listen } from '../../playground/azure/listen';
import { identityToken, TENANT_ID } from '../../playground/azure/token';
import { isObject, type JsonObject, listAt, parseJson, textAt } from '../../playground/json';
import { projectRoot } from '../../playground/project-root';
import { identityTenant } from '../../shared/azure/identity/tenant';
import type { Gap } from '../../shared/network/network';
import type { AccessPolicy } from '../../shared/policy/policy';
import { bigTenant, SUBSCRIPTION } from './big-tenant';

/** Which limit a request counts against. */
const KINDS = [
  ['Conditional Access and contexts, 1 a second', /^\/v1\.0\/identity\/conditionalAccess\//i],
  ['Graph in batches of 20', /^\/v1\.0\/\$batch/i],
  ['other Graph', /^\/v1\.0\//i],
  ['ARM: PIM settings of the role', /\/roleManagementPolic/i],
  ['ARM: extensions of machines', /\/extensions\b/i],
  ['other ARM', /^\/subscriptions\//i],
] as const;

export interface Looked {
  /** The raw entries, as the guardrail keeps them. */
  readonly entries: readonly unknown[];
  readonly gaps: readonly Gap[];
  readonly takenAt: Date;
  readonly ms: number;
  readonly requests: readonly { readonly kind: string; readonly count: number }[];
  readonly throttled: number;
}

/** One look at the made tenant, with real pauses between the requests that have to keep to a pace. */
export async function lookAtBigTenant(policy: AccessPolicy, excessEvery: number): Promise<Looked> {
  const directory = parseJson(readFileSync(join(projectRoot(), 'playground/estates/directory.json'), 'utf8'));
  const azure = createLocalAzure(bigTenant({ directory: isObject(directory) ? directory : {} }, excessEvery));
  const server = await listen(azure.fetch, { port: 0 });
  try {
    const tenant = identityTenant({
      armEndpoint: server.url,
      graphEndpoint: server.url,
      credential: { getToken: async () => ({ token: readerToken(), expiresOnTimestamp: Date.now() + 3_600_000 }) },
      subscriptions: [SUBSCRIPTION],
      policy,
      now: () => new Date(),
    });
    const start = performance.now();
    const snapshot = await tenant.observe({ kind: 'identity', tenantId: TENANT_ID }, []);
    const ms = performance.now() - start;
    const { resources, gaps, takenAt } = snapshot;
    return { entries: resources, gaps, takenAt, ms, ...counted(await requestsAt(server.url)) };
  } finally {
    await server.close();
    await azure.close();
  }
}

/** The application of the small tenant that may read what the guardrail reads. */
function readerToken(): string {
  return identityToken('2ef8d3bb-9ef4-4e13-86e2-e3cb55bce74b', new Date(), 'https://graph.microsoft.com/');
}

async function requestsAt(url: string): Promise<readonly JsonObject[]> {
  const json: unknown = await (await fetch(`${url}/playground/requests`)).json();
  return (Array.isArray(json) ? json : listAt(json, 'requests')).filter(isObject);
}

function counted(requests: readonly JsonObject[]): Pick<Looked, 'requests' | 'throttled'> {
  const counts = new Map<string, number>();
  for (const request of requests) {
    const [kind = 'none'] = KINDS.find(([, path]) => path.test(textAt(request, 'path'))) ?? [];
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return {
    requests: KINDS.flatMap(([kind]) => ({ kind, count: counts.get(kind) ?? 0 })),
    throttled: requests.filter(({ status }) => status === 429).length,
  };
}
