/** The function app's own storage, where the journal lives: by connection string or by identity. */
import { type Environment, parseUrl, value } from './value';

export type StorageSettings =
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly blobServiceUri: string;
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      readonly clientId?: string;
    };

/** The storage settings, in the forms that the Functions host itself understands; adds a problem for each that is missing. */
export function readStorage(env: Environment, problems: string[]): StorageSettings | undefined {
  const connectionString = value(env, 'AzureWebJobsStorage');
  if (connectionString) {
    if (/^UseDevelopmentStorage=true|AccountName=|Endpoint=|SharedAccessSignature=/i.test(connectionString)) {
      return { kind: 'connection-string', connectionString };
    }
    problems.push('AzureWebJobsStorage is not a storage connection string (its value is a secret and is not shown)');
    return undefined;
  }
  const services = ['blob', 'queue', 'table'] as const;
  const account = value(env, 'AzureWebJobsStorage__accountName');
  const [blob, queue, table] = services.map(
    (service) =>
      value(env, `AzureWebJobsStorage__${service}ServiceUri`) ??
      (account ? `https://${account}.${service}.core.windows.net` : undefined),
  );
  if (!blob && !queue && !table) {
    problems.push(
      'AzureWebJobsStorage is missing: give a connection string, or AzureWebJobsStorage__blobServiceUri and its two siblings',
    );
    return undefined;
  }
  for (const [index, uri] of [blob, queue, table].entries()) {
    const name = `AzureWebJobsStorage__${services[index]}ServiceUri`;
    if (!uri) problems.push(`${name} is missing: all three services are needed`);
    else if (parseUrl(uri)?.protocol !== 'https:') problems.push(`${name} must be an https URL`);
  }
  if (!blob || !queue || !table) return undefined;
  const clientId = value(env, 'AzureWebJobsStorage__clientId');
  return {
    kind: 'identity',
    blobServiceUri: blob,
    queueServiceUri: queue,
    tableServiceUri: table,
    ...(clientId && { clientId }),
  };
}
