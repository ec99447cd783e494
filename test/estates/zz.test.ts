import { test } from '@jest/globals';
import * as fc from 'fast-check';
import { arbitraryCase, drifted, nameOfCase, subscriptionsOf } from './case';
import { passOver, policyOf, seenFrom } from './pass';
import { judgeOnModel } from './on-model';
import { driftPieces, actionsFor } from '../../shared/remediation/drifted';
import { readNetwork } from '../../shared/network/read';
import { evaluate } from '../../shared/controls';
import { worldOf } from '../../shared/network/world';
import { prove } from '../../shared/remediation/prove';
import { keyOf } from '../../shared/network/network';
test('x', async () => {
  const out: string[] = [];
  const plans = fc.sample(arbitraryCase(), {
    numRuns: Number(process.env.N ?? 600),
    seed: Number(process.env.SEED ?? 1),
  });
  for (const [i, plan] of plans.entries()) {
    if (process.env.AT && Number(process.env.AT) !== i) continue;
    const d = await drifted(plan);
    const j = judgeOnModel(d);
    if (j.wrongs.length === 0) continue;
    out.push(
      `#${i} ${nameOfCase(d)}`,
      ...j.wrongs.map((x) => '   ' + x.slice(0, 400)),
      ...j.repairs.map((r) => '   REP ' + r.finding.title + ' => ' + r.remedy.title),
    );
    if (!process.env.DEEP) continue;
    const policy = policyOf(d.estate.policy);
    for (const sub of subscriptionsOf(d.before)) {
      const accepted = seenFrom(sub, d.before, policy);
      const now = seenFrom(sub, process.env.DEEP === '2' ? passOver(d.before, d.after, policy).after : d.after, policy);
      const { network } = readNetwork(now);
      const acc = readNetwork(accepted).network;
      for (const f of evaluate(network, policy).findings) {
        out.push(`  F ${f.control} ${f.title}`);
        const own = new Set([f.resource, ...(f.evidence.namedDoors ?? [])].map(keyOf));
        const pieces = driftPieces(accepted, now, own);
        const tryIt = (ps: any[], rem?: any) => {
          const remedy = rem ?? {
            kind: 'revert',
            title: ps.map((x) => x.title).join('; '),
            actions: actionsFor(ps),
            ...(ps.every((x) => x.wasTaken) && { putsBack: true }),
          };
          const p = prove(worldOf(network, now), f, remedy, {
            policy,
            acceptedNetwork: () => acc,
            accepted: { reach: new Map(), fingerprints: new Set() },
          });
          out.push(
            `     ${remedy.kind} ${remedy.title} ${remedy.putsBack ? '(putsBack)' : ''}: ${
              p.facts
                .filter((x) => !x.holds)
                .map((x) => x.claim + ': ' + x.detail)
                .join(' || ')
                .slice(0, 500) || 'HOLDS'
            }`,
          );
        };
        for (const p of pieces) tryIt([p]);
        const t = pieces.filter((p) => p.wasTaken);
        if (t.length > 1) tryIt(t);
        for (const r of f.remedies) tryIt([], r);
      }
    }
  }
  process.stderr.write(out.join('\n') + '\n');
}, 600000);
