// A sample whose entry file throws, for the tests of the local host.
const { app } = require('@azure/functions');

app.http('early', { handler: async () => ({ body: 'still here' }) });
throw new Error('GUARDRAIL_POLICY is not set');
