// Sample functions for the tests of the local host: Event Grid and HTTP triggers.
const { app, output } = require('@azure/functions');

const copies = output.storageQueue({ queueName: 'copies', connection: 'AzureWebJobsStorage' });

app.eventGrid('eventArrived', {
  extraOutputs: [copies],
  handler: async (event, context) => {
    if (event.subject === 'fail') throw new Error('this event cannot be handled');
    if (event.subject === 'slow') await new Promise((resolve) => setTimeout(resolve, 400));
    context.log(`handled ${event.id}`);
    context.extraOutputs.set(copies, { event, metadata: context.triggerMetadata });
  },
});

app.http('orders', {
  route: 'orders/{id:int}/{part?}',
  methods: ['GET', 'PUT'],
  authLevel: 'function',
  handler: async (request) => ({
    status: 201,
    headers: { 'x-method': request.method },
    cookies: [{ name: 'seen', value: 'yes', httpOnly: true, sameSite: 'Lax' }],
    jsonBody: { params: request.params, query: Object.fromEntries(request.query), body: await request.text() },
  }),
});
app.http('nothing', { authLevel: 'anonymous', handler: async () => undefined });
app.http('broken', {
  authLevel: 'anonymous',
  handler: async () => {
    throw new Error('no luck');
  },
});
app.http('process', { authLevel: 'anonymous', handler: async () => ({ jsonBody: { pid: process.pid } }) });
app.http('hooked', { authLevel: 'anonymous', handler: async () => ({ body: 'plain' }) });
app.hook.preInvocation((context) => {
  context.hookData.startedBy = context.invocationContext.functionName;
});
app.hook.postInvocation((context) => {
  if (context.hookData.startedBy === 'hooked') context.result = { body: 'hooked' };
});
