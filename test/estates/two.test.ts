import { test } from '@jest/globals';
import * as fc from 'fast-check';
import { arbitraryCase, drifted, nameOfCase, subscriptionsOf } from './case';
import { policyOf, seenFrom } from './pass';
import { driftPieces, actionsFor } from '../../shared/remediation/drifted';
import { readNetwork } from '../../shared/network/read';
import { evaluate } from '../../shared/controls';
import { worldOf } from '../../shared/network/world';
import { prove } from '../../shared/remediation/prove';
import { keyOf } from '../../shared/network/network';
test('x', async () => {
  const N = Number(process.env.AT ?? 1);
  const c = fc.sample(arbitraryCase(), { numRuns: N+1, seed: Number(process.env.SEED ?? 1) })[N]!;
  const d = await drifted(process.env.ONE ? { ...c, edits: c.edits.slice(0, 1) } : c);
  const policy = policyOf(d.estate.policy);
  const out = [nameOfCase(d)];
  for (const sub of subscriptionsOf(d.before)) {
    const accepted = seenFrom(sub, d.before, policy), now = seenFrom(sub, d.after, policy);
    const { network, gaps } = readNetwork(now);
    out.push('SUB ' + sub + ' gaps ' + gaps.map(g=>g.what+' '+g.resource.split('/').slice(-3).join('/')).join(' ; '));
    const acc = readNetwork(accepted).network;
    for (const f of evaluate(network, policy).findings) {
      out.push(`  F ${f.control} ${f.title} named ${f.evidence.namedDoors?.map(x=>x.split('/').slice(-4).join('/'))}`);
      const own = new Set([f.resource, ...(f.evidence.namedDoors ?? [])].map(keyOf));
      const pieces = driftPieces(accepted, now, own);
      const tryIt = (ps: any[], rem?: any) => {
        const remedy = rem ?? { kind: 'revert', title: ps.map(x=>x.title).join('; '), actions: actionsFor(ps), ...(ps.every(x=>x.wasTaken) && { putsBack: true }) };
        const p = prove(worldOf(network, now), f, remedy, { policy, acceptedNetwork: () => acc, accepted: { reach: new Map(), fingerprints: new Set() } });
        out.push(`     ${remedy.kind} ${remedy.title} ${remedy.putsBack ? '(putsBack)' : ''}: ${p.facts.filter(x=>!x.holds).map(x=>x.claim+': '+x.detail).join(' || ') || 'HOLDS'}`);
      };
      for (const p of pieces) tryIt([p]);
      const t = pieces.filter(p=>p.wasTaken); if (t.length>1) tryIt(t);
      if (pieces.length > 1) { const o = pieces.filter(p=>own.has(p.resource)); if (o.length > 1) tryIt(o); tryIt([...pieces]); }
      for (const r of f.remedies) tryIt([], r);
    }
  }
  process.stderr.write(out.join('\n') + '\n');
}, 60000);
