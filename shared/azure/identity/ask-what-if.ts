/** Microsoft's own answer to which policies a sign-in would meet: a second opinion on ours. */
import type { ObjectId } from '../../identity/identity';
import { objectOf } from '../../network/json';
import { azureErrorFrom } from '../error';
import type { Graph } from './graph';
import { joined, onlyGap, type Reading } from './reading';

const EVALUATE = '/identity/conditionalAccess/evaluate';

/** Asks for each user and the context, one request a second. A refusal ends it: the next would be refused as well. */
export async function askWhatIf(graph: Graph, users: readonly ObjectId[], context: string): Promise<Reading> {
  const readings: Reading[] = [];
  for (const userId of users) {
    const request = {
      signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId },
      signInContext: { '@odata.type': '#microsoft.graph.authContext', authenticationContextValue: context },
      appliedPoliciesOnly: true,
    };
    try {
      const { body } = await graph({ method: 'POST', path: EVALUATE, body: request });
      readings.push({ entries: [{ ...objectOf(body), request }], gaps: [] });
    } catch (thrown) {
      readings.push(onlyGap(EVALUATE, azureErrorFrom(thrown, 'read', EVALUATE)));
      break;
    }
  }
  return joined(readings);
}
