/** Addresses that the app talks to; a token or an alert goes there, so only the right hosts are accepted. */
import { isLoopback } from '../azure/endpoint';
import { type Environment, isWeb, parseUrl, value } from './value';

export const ARM_HOSTS = ['management.azure.com', 'management.usgovcloudapi.net', 'management.chinacloudapi.cn'];
export const GRAPH_HOSTS = [
  'graph.microsoft.com',
  'graph.microsoft.us',
  'dod-graph.microsoft.us',
  'microsoftgraph.chinacloudapi.cn',
];
const BLOB_HOST = /\.blob\.(?:core\.windows\.net|core\.usgovcloudapi\.net|core\.chinacloudapi\.cn)$/;
const TOPIC_HOST = /^[a-z\d-]+\.[a-z\d-]+\.eventgrid\.azure\.(?:net|us|cn)$/;

/** An endpoint's origin: one of `hosts` (the first is the default) over https, or this machine. */
export function readEndpoint(env: Environment, name: string, hosts: readonly string[], problems: string[]): string {
  const text = value(env, name) ?? `https://${hosts[0]}`;
  const url = parseUrl(text);
  const isBare =
    url && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  const isAzure = url?.protocol === 'https:' && url.port === '' && hosts.includes(url.hostname);
  if (url && isBare && (isAzure || (isWeb(url) && isLoopback(text)))) return url.origin;
  problems.push(
    `${name} must be https://${hosts.join(', https://')} or a loopback address such as http://127.0.0.1:PORT, without a path`,
  );
  return '';
}

/** The policy's file path or blob address; undefined when not set. */
export function readPolicyPlace(env: Environment, problems: string[]): string | undefined {
  const place = value(env, 'GUARDRAIL_POLICY');
  if (!place || !/^[a-z][a-z\d+.-]+:\/\//i.test(place)) return place;
  const url = parseUrl(place);
  const isBlob = url?.protocol === 'https:' && BLOB_HOST.test(url.hostname);
  if (!url || (!isBlob && !(isWeb(url) && isLoopback(place)))) {
    problems.push(
      'GUARDRAIL_POLICY: a URL must be the https address of a blob in Azure Storage; otherwise give a file path',
    );
  } else if (url.search !== '') {
    problems.push(
      "GUARDRAIL_POLICY: give the blob's address without a shared access signature; the app reads it as itself",
    );
  }
  return place;
}

/** The Teams webhook; undefined when not set. */
export function readTeamsWebhook(env: Environment, problems: string[]): string | undefined {
  const text = value(env, 'GUARDRAIL_TEAMS_WEBHOOK');
  if (!text) return undefined;
  const url = parseUrl(text);
  if (url?.protocol === 'https:' || (url && isWeb(url) && isLoopback(text))) return text;
  problems.push('GUARDRAIL_TEAMS_WEBHOOK must be an https URL (its value is a secret and is not shown)');
  return undefined;
}

/** The endpoint of the Event Grid custom topic; undefined when not set. */
export function readEventTopic(env: Environment, problems: string[]): string | undefined {
  const text = value(env, 'GUARDRAIL_EVENT_TOPIC');
  if (!text) return undefined;
  const url = parseUrl(text);
  const isBare = url && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  const isTopic = url?.protocol === 'https:' && url.port === '' && TOPIC_HOST.test(url.hostname);
  if (url && isBare && ((isTopic && url.pathname === '/api/events') || (isWeb(url) && isLoopback(text)))) {
    return url.href;
  }
  problems.push(
    'GUARDRAIL_EVENT_TOPIC must be the endpoint of a custom topic, https://NAME.REGION-1.eventgrid.azure.net/api/events, or a loopback address',
  );
  return undefined;
}
