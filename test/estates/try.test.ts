import { test } from '@jest/globals';
import * as fc from 'fast-check';
import { arbitraryCase, drifted, nameOfCase } from './case';
import { wrongs } from './judge/verdict';
import { findingsIn, passOver, policyOf } from './pass';
test('x', async () => {
  const N = Number(process.env.N ?? 100);
  const samples = fc.sample(arbitraryCase(), { numRuns: N, seed: Number(process.env.SEED ?? 1) });
  let t = 0,
    t2 = 0,
    t3 = 0,
    t4 = 0,
    reps = 0,
    helds = 0,
    refused = 0;
  const holds = new Map<string, [number, string]>();
  const left = new Map<string, [number, string]>();
  const bad = new Map<string, [number, string]>();
  const errs: string[] = [];
  for (const [i, c] of samples.entries()) {
    const b = process.env.ONE ? { ...c, edits: c.edits.slice(0, 1) } : c;
    const s = performance.now();
    const d = await drifted(b);
    refused += b.edits.length - d.edits.length;
    t += performance.now() - s;
    const policy = policyOf(d.estate.policy);
    const s2 = performance.now();
    let p;
    try {
      p = passOver(d.before, d.after, policy);
    } catch (e) {
      errs.push(`#${i} ${nameOfCase(d)}: ${String((e as Error).stack).slice(0, 600)}`);
      continue;
    }
    t2 += performance.now() - s2;
    reps += p.repairs.length;
    helds += p.held.length;
    for (const h of p.held) {
      const k = `${h.finding.control} ${h.hold.reason} [${[...new Set(d.edits.map((e) => e.kind))].sort().join(',')}]`;
      if (d.edits.length <= Number(process.env.MAX ?? 1)) {
        const x = holds.get(k);
        holds.set(k, [(x?.[0] ?? 0) + 1, x?.[1] ?? `#${i} ${h.finding.title} :: ${h.hold.detail.slice(0, 400)}`]);
      }
    }
    const s3 = performance.now();
    const f = findingsIn(p.after, policy);
    t3 += performance.now() - s3;
    const s4 = performance.now();
    const w = wrongs({
      before: d.before,
      drifted: d.after,
      after: p.after,
      edits: d.edits,
      repairs: p.repairs,
      held: p.held,
      left: f,
    });
    t4 += performance.now() - s4;
    for (const x of w) {
      const k = x.split(':')[0] + ' ' + [...new Set(d.edits.map((e) => e.kind))].sort().join(',');
      const y = bad.get(k);
      bad.set(k, [
        (y?.[0] ?? 0) + 1,
        y?.[1] ?? `#${i} ${x} REPAIRS ${p.repairs.map((r) => r.remedy.title).join(' | ')}`,
      ]);
    }
    const hf = new Set(p.held.map((h) => h.finding.fingerprint));
    for (const x of f)
      if (!hf.has(x.fingerprint)) {
        const k = `${x.control} [${[...new Set(d.edits.map((e) => e.kind))].sort().join(',')}]`;
        const y = left.get(k);
        left.set(k, [
          (y?.[0] ?? 0) + 1,
          y?.[1] ?? `#${i} ${x.title} after ${p.repairs.map((r) => r.remedy.title).join(' | ')}`,
        ]);
      }
  }
  console.log({ drift: t / N, pass: t2 / N, find: t3 / N, judge: t4 / N, reps, helds, refused });
  for (const [k, [n, v]] of holds) console.log('HELD', n, k, '\n   ', v);
  for (const [k, [n, v]] of left) console.log('LEFT', n, k, '\n   ', v);
  for (const [k, [n, v]] of bad) console.log('BAD', n, k, '\n   ', v);
  for (const e of errs.slice(0, 5)) console.log('ERR', errs.length, e);
}, 300000);
