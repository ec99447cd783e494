/** AzureError: what was attempted on what, what Azure answered, and what to do next; never a token. */

export interface AzureErrorFacts {
  /** What was attempted, as words that follow "Could not": `read`, `change`, `list the virtual networks of`. */
  readonly operation: string;
  readonly resource: string;
  /** The HTTP status; undefined when no answer came. */
  readonly status?: number | undefined;
  /** Azure's own code, as in `AuthorizationFailed`. */
  readonly code: string;
  readonly requestId?: string | undefined;
  /** Whether the same attempt may succeed later without anybody doing anything. */
  readonly retryable: boolean;
}

const LONGEST_DETAIL = 600;
const SECRETS =
  /Bearer\s+\S{16,}|eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|(?:sig|code|AccountKey|SharedAccessSignature)=[^&;\s"']+/gi;
/** Codes that Azure sends with 409 or 412 and so on although waiting is all that is needed. */
const PASSING =
  /AnotherOperation|RetryableError|OperationInProgress|InProgress$|ServerBusy|Timeout|Throttl|TooManyRequests|^Internal|^Canceled/i;
const PASSING_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/** A failed call to Azure, with everything its operator and Microsoft's support ask for. */
export class AzureError extends Error implements AzureErrorFacts {
  override readonly name = 'AzureError';
  readonly operation: string;
  readonly resource: string;
  readonly status: number | undefined;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly retryable: boolean;

  constructor(facts: AzureErrorFacts, detail: string, cause?: unknown) {
    super(sentence(facts, detail), cause === undefined ? undefined : { cause: withoutSecrets(cause) });
    this.operation = facts.operation;
    this.resource = facts.resource;
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId;
    this.retryable = facts.retryable;
  }
}

/**
 * Turns whatever an Azure client threw into an AzureError; one that already is stays as it is.
 * No answer at all (network, identity endpoint, time limit) counts as retryable.
 */
export function azureErrorFrom(thrown: unknown, operation: string, resource: string): AzureError {
  if (thrown instanceof AzureError) return thrown;
  const status = numberIn(thrown, 'statusCode') ?? statusOfCause(thrown);
  const code = codeOf(thrown, status);
  const retryable = status === undefined || PASSING_STATUS.has(status) || PASSING.test(code);
  const facts = { operation, resource, status, code, requestId: requestIdOf(thrown), retryable };
  return new AzureError(facts, messageOf(thrown), thrown);
}

/** Whether Azure's code means that waiting is all that is needed. */
export function isPassing(code: string): boolean {
  return PASSING.test(code);
}

const REFUSALS: ReadonlySet<string> = new Set([
  'ScopeLocked',
  'RequestDisallowedByPolicy',
  'LinkedAuthorizationFailed',
  'DenyAssignmentAuthorizationFailed',
  'AuthorizationFailed',
]);

/**
 * Whether this very write was refused for good: by a lock, a policy or a missing right, or because ARM does not take it as
 * it is. Another one may be let through.
 */
export function isRefusal({ code, status, retryable }: Pick<AzureError, 'code' | 'status' | 'retryable'>): boolean {
  return REFUSALS.has(code) || (!retryable && (status === 400 || status === 403 || status === 409));
}

/** What a person should do about an error of this code, in one sentence. */
export function nextStep(
  facts: Pick<AzureErrorFacts, 'code' | 'status' | 'retryable'> & Partial<Pick<AzureErrorFacts, 'resource'>>,
): string {
  const { code, status } = facts;
  if (code === 'ScopeLocked')
    return 'A lock forbids it: remove the lock or make the change by hand; locks are never removed for you.';
  if (code === 'RequestDisallowedByPolicy')
    return 'An Azure Policy assignment forbids it: exempt this resource there or make the change by hand.';
  if (code === 'LinkedAuthorizationFailed')
    return "Give the guardrail's identity the join action on the linked resource that the message names (infra/roles/network.json).";
  if (code === 'DenyAssignmentAuthorizationFailed')
    return 'A deny assignment (a managed application or stack) forbids it: ask its owner.';
  if (code === 'ForeignHost') return 'Check GUARDRAIL_ARM_ENDPOINT, and what stands between the guardrail and Azure.';
  if (code === 'SubscriptionNotFound' || code === 'InvalidSubscriptionId')
    return "Check GUARDRAIL_SUBSCRIPTIONS and that the guardrail's identity may see the subscription.";
  if (status === 401) return 'Check that the endpoint and the tenant of the identity belong together, then try again.';
  if (
    status === 403 &&
    /\/microsoft\.authorization\/|^\/(?:identity|policies|auditLogs|groups|users|directory)/i.test(facts.resource ?? '')
  )
    return 'Assign the role in infra/roles/identity.json, and the Graph app roles of docs/permissions.md, to the identity for sign-in settings.';
  if (status === 403)
    return "Assign the role in infra/roles/network.json to the guardrail's identity on the subscription.";
  if (status === 404) return 'It may have been deleted meanwhile: look again.';
  if (status === 412) return 'Somebody changed it meanwhile: look again.';
  if (code === 'NoCredential')
    return 'Turn on the managed identity of the function app, or run `az login` on this machine.';
  if (facts.retryable) return 'It will be tried again.';
  return 'Read the message, correct the resource or the policy, and look again.';
}

/** The text without tokens, keys and signatures. */
export function withoutSecretText(text: string): string {
  return text.replaceAll(SECRETS, '[removed]');
}

function sentence(facts: AzureErrorFacts, detail: string): string {
  const answer = [facts.status, facts.code].filter((part) => part !== undefined && part !== '').join(' ');
  const why = withoutSecretText(detail).replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_DETAIL);
  const request = facts.requestId ? ` Request id ${facts.requestId}.` : '';
  return `Could not ${facts.operation} ${facts.resource}: ${answer}${why ? `: ${why}` : ''}${/[.!?]$/.test(why) ? '' : '.'} ${nextStep(facts)}${request}`;
}

/** Only name, code and message are kept: a client's error carries the request, and that carries the token. */
function withoutSecrets(cause: unknown): Error {
  const kept = new Error(withoutSecretText(messageOf(cause)).slice(0, LONGEST_DETAIL));
  kept.name = textIn(cause, 'name') ?? kept.name;
  return kept;
}

function codeOf(thrown: unknown, status: number | undefined): string {
  const name = textIn(thrown, 'name') ?? '';
  if (/CredentialUnavailable|AuthenticationError|AuthenticationRequired|AggregateAuthentication/.test(name))
    return 'NoCredential';
  if (name === 'AbortError' || name === 'TimeoutError') return 'Timeout';
  const code = textIn(thrown, 'code');
  if (code) return code;
  return status === undefined ? 'NoAnswer' : 'UnexpectedAnswer';
}

function statusOfCause(thrown: unknown): number | undefined {
  const response = objectIn(thrown, 'response');
  return numberIn(response, 'status');
}

function requestIdOf(thrown: unknown): string | undefined {
  const headers = objectIn(objectIn(thrown, 'response'), 'headers');
  if (!headers || !('get' in headers) || typeof headers.get !== 'function') return undefined;
  const id: unknown = headers.get('x-ms-request-id');
  return typeof id === 'string' ? id : undefined;
}

function messageOf(thrown: unknown): string {
  return textIn(thrown, 'message') ?? (thrown instanceof Error ? thrown.name : String(thrown));
}

function objectIn(value: unknown, name: string): object | undefined {
  const found = valueIn(value, name);
  return typeof found === 'object' && found !== null ? found : undefined;
}

function textIn(value: unknown, name: string): string | undefined {
  const found = valueIn(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function numberIn(value: unknown, name: string): number | undefined {
  const found = valueIn(value, name);
  return typeof found === 'number' ? found : undefined;
}

function valueIn(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
