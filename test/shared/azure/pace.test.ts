import { describe, expect, test } from '@jest/globals';
import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { pacePolicy } from '../../../shared/azure/pace';

const REMAINING = 'x-ms-ratelimit-remaining-subscription-';

/** Sends requests through the policy with a clock that only pauses move; answers when each was sent. */
async function sentAt(
  methods: readonly ('GET' | 'PUT')[],
  remaining: Readonly<Record<string, string>>,
): Promise<number[]> {
  let now = 0;
  const sent: number[] = [];
  const policy = pacePolicy(
    () => now,
    async (ms) => {
      now += ms;
    },
  );
  for (const method of methods) {
    const request = createPipelineRequest({ url: 'https://management.azure.com/subscriptions/1', method });
    await policy.sendRequest(request, async (): Promise<PipelineResponse> => {
      sent.push(now);
      return { request, status: 200, headers: createHttpHeaders(remaining) };
    });
  }
  return sent;
}

describe('shared/azure/pace', () => {
  test('nothing waits while ARM has plenty left, or does not say', async () => {
    expect(await sentAt(['GET', 'GET', 'GET'], { [`${REMAINING}reads`]: '200' })).toEqual([0, 0, 0]);
    expect(await sentAt(['GET', 'PUT', 'GET'], {})).toEqual([0, 0, 0]);
  });

  test('reads go out at the rate of the refill once little is left', async () => {
    expect(await sentAt(['GET', 'GET', 'GET', 'GET'], { [`${REMAINING}reads`]: '10' })).toEqual([0, 0, 40, 80]);
  });

  test('writes have a rate of their own', async () => {
    const remaining = { [`${REMAINING}writes`]: '10' };
    expect(await sentAt(['PUT', 'PUT', 'GET', 'PUT'], remaining)).toEqual([0, 0, 0, 100]);
  });
});
