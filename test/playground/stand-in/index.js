// A stand-in for the guardrail, for the tests of the playground: knows one group, removes what lets strangers in, and tells.
const { app, output } = require('@azure/functions');
const { createTransport } = require('nodemailer');

const env = process.env;
const alerts = output.storageQueue({ queueName: 'guardrail-alerts', connection: 'AzureWebJobsStorage' });

async function arm(method, path, body, headers = {}) {
  const identity = `${env.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=https://management.azure.com/`;
  const granted = await fetch(identity, { headers: { 'x-identity-header': env.IDENTITY_HEADER } });
  const { access_token: token } = await granted.json();
  const answer = await fetch(`${env.GUARDRAIL_ARM_ENDPOINT}${path}?api-version=2024-05-01`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  return answer.json();
}

function letsStrangersIn({ properties: rule }) {
  const sources = [rule.sourceAddressPrefix, ...(rule.sourceAddressPrefixes ?? [])].filter(Boolean);
  const ports = [rule.destinationPortRange, ...(rule.destinationPortRanges ?? [])];
  const isOpen =
    rule.access === 'Allow' && rule.direction === 'Inbound' && sources.some((source) => source !== '10.0.1.0/26');
  return isOpen && ports.some((port) => port === '22' || port === '3389');
}

app.eventGrid('nsgChanged', {
  extraOutputs: [alerts],
  handler: async (event, context) => {
    const path = event.subject.replace(/\/securityRules\/.*/i, '');
    const group = await arm('GET', path);
    const offender = group.properties.securityRules.find(letsStrangersIn);
    if (offender === undefined) return;
    group.properties.securityRules = group.properties.securityRules.filter((rule) => rule !== offender);
    await arm('PUT', path, group, { 'if-match': group.etag });
    const port = offender.properties.destinationPortRange;
    const text = `${offender.name} by ${event.data.claims.name}: 203.0.113.7:49152 → vm-app-1 (10.1.0.4):${port}/tcp`;
    context.extraOutputs.set(alerts, { text });
  },
});
// What else is deployed, so that Event Grid finds who is to be told.
for (const name of ['peeringChanged', 'publicIpChanged', 'networkChanged', 'roleChanged']) {
  app.eventGrid(name, { handler: async () => undefined });
}
app.timer('reconcileIdentity', { schedule: '0 5 * * * *', handler: async () => undefined });
app.timer('reconcileNetwork', {
  schedule: '0 */15 * * * *',
  handler: async () => {
    await arm('GET', `/subscriptions/${env.GUARDRAIL_SUBSCRIPTIONS}/providers/Microsoft.Network/networkSecurityGroups`);
  },
});
app.storageQueue('deliverAlert', {
  queueName: 'guardrail-alerts',
  connection: 'AzureWebJobsStorage',
  handler: async ({ text }) => {
    const card = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text }] };
    const attachments = [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }];
    const body = JSON.stringify({ type: 'message', attachments });
    const answer = await fetch(env.GUARDRAIL_TEAMS_WEBHOOK, { method: 'POST', body });
    if (answer.status !== 202) throw new Error(`Teams answered ${answer.status}`);
    const transport = createTransport(env.GUARDRAIL_EMAIL_SMTP);
    await transport.sendMail({ from: env.GUARDRAIL_EMAIL_FROM, to: env.GUARDRAIL_EMAIL_TO, subject: 'closed', text });
  },
});
