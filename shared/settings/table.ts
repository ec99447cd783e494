/** Every setting there is, as data: the README's table and local.settings.sample.json are tested against it. */

/** One row of the README's table; local.settings.sample.json has the same names. */
export interface SettingDescription {
  readonly name: string;
  /** In words where it is no fixed value; undefined when the setting is required. */
  readonly default?: string;
  readonly secret: boolean;
  readonly meaning: string;
}

export const SETTINGS: readonly SettingDescription[] = [
  { name: 'GUARDRAIL_SUBSCRIPTIONS', secret: false, meaning: 'Ids of the subscriptions to guard, separated by commas' },
  {
    name: 'GUARDRAIL_POLICY',
    default: 'report everything, repair nothing',
    secret: false,
    meaning: 'The access policy: path of a YAML or JSON file, or the https URL of a blob that the app may read',
  },
  {
    name: 'GUARDRAIL_MODE',
    default: 'report',
    secret: false,
    meaning: 'The most that any control may do: off, report, approve or remediate',
  },
  {
    name: 'GUARDRAIL_ARM_ENDPOINT',
    default: 'https://management.azure.com',
    secret: false,
    meaning: "Azure Resource Manager: one of Azure's hosts, or loopback",
  },
  {
    name: 'GUARDRAIL_GRAPH_ENDPOINT',
    default: 'https://graph.microsoft.com',
    secret: false,
    meaning: "Microsoft Graph: one of Azure's hosts, or loopback",
  },
  {
    name: 'GUARDRAIL_TEAMS_WEBHOOK',
    default: 'no Teams alerts',
    secret: true,
    meaning: 'URL of the Workflows flow "When a Teams webhook request is received"',
  },
  {
    name: 'GUARDRAIL_EMAIL_SMTP',
    default: 'Microsoft Graph',
    secret: true,
    meaning:
      'The mail server: smtp://user:password@host:port or smtps://…; without it mail goes through Microsoft Graph as the sender, which needs Mail.Send',
  },
  {
    name: 'GUARDRAIL_EMAIL_FROM',
    default: 'no email alerts',
    secret: false,
    meaning: 'Sender of the alerts; through Microsoft Graph a mailbox of the tenant',
  },
  {
    name: 'GUARDRAIL_EMAIL_TO',
    default: 'no email alerts',
    secret: false,
    meaning: 'Receivers of the alerts, separated by commas',
  },
  {
    name: 'GUARDRAIL_EVENT_TOPIC',
    default: 'no events',
    secret: false,
    meaning:
      'Endpoint of an Event Grid custom topic with the schema CloudEventSchemaV1_0, https://NAME.REGION-1.eventgrid.azure.net/api/events, for one event per incident; needs EventGrid Data Sender',
  },
  {
    name: 'GUARDRAIL_TENANT',
    default: 'sign-in settings are not guarded',
    secret: false,
    meaning: 'Id of the tenant whose PIM and Conditional Access settings are guarded as well',
  },
  {
    name: 'GUARDRAIL_IDENTITY_CLIENT_ID',
    default: 'sign-in settings are read and reported only',
    secret: false,
    meaning:
      'Client id of a separate user-assigned identity, the only one that writes sign-in settings; give it to a function app of its own',
  },
  {
    name: 'GUARDRAIL_GUARDS',
    default: 'network, and identity where GUARDRAIL_TENANT is set',
    secret: false,
    meaning: 'What this app guards: network, identity, or both',
  },
  {
    name: 'AzureWebJobsStorage',
    secret: true,
    meaning:
      'Storage of the function app: a connection string, or instead AzureWebJobsStorage__blobServiceUri, __queueServiceUri and __tableServiceUri (or __accountName) to use the managed identity',
  },
  {
    name: 'IDENTITY_ENDPOINT',
    default: 'set by Azure where there is a managed identity',
    secret: false,
    meaning: "The platform's own: where the managed identity gets its tokens; without it `az login` is used",
  },
  {
    name: 'IDENTITY_HEADER',
    default: 'set by Azure where there is a managed identity',
    secret: true,
    meaning: "The platform's own: goes with IDENTITY_ENDPOINT",
  },
  {
    name: 'AZURE_CLIENT_ID',
    default: 'the system-assigned identity',
    secret: false,
    meaning: 'Client id of a user-assigned managed identity',
  },
];
