// Sample functions for the tests of the local host: queue and timer triggers, and queue outputs.
const { app, output } = require('@azure/functions');

const done = output.storageQueue({ queueName: 'done', connection: 'AzureWebJobsStorage' });
const ticks = output.storageQueue({ queueName: 'ticks', connection: 'AzureWebJobsStorage' });

app.storageQueue('work', {
  queueName: '%WORK_QUEUE%',
  connection: 'AzureWebJobsStorage',
  return: done,
  handler: async (message, context) => {
    if (message.fail) throw new Error(`cannot do ${message.name}`);
    if (message.failOnce && context.triggerMetadata.dequeueCount === 1) throw new Error('not the first time');
    return message.many ?? { message, metadata: context.triggerMetadata };
  },
});

app.timer('tick', {
  schedule: '0 0 0 1 1 *',
  extraOutputs: [ticks],
  handler: async (timer, context) => context.extraOutputs.set(ticks, timer),
});
app.timer('atStart', { schedule: '0 0 0 1 1 *', runOnStartup: true, return: ticks, handler: async () => 'started' });
