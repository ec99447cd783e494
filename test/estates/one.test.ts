import { test } from '@jest/globals';
import * as fc from 'fast-check';
import { arbitraryCase, drifted, nameOfCase } from './case';
import { findingsIn, passOver, policyOf } from './pass';
test('x', async () => {
  const N = Number(process.env.AT ?? 1);
  const b = fc.sample(arbitraryCase(), { numRuns: N + 1, seed: Number(process.env.SEED ?? 1) })[N]!;
  const d = await drifted(b);
  const policy = policyOf(d.estate.policy);
  const out: string[] = [nameOfCase(d)];
  const show = (f: any) =>
    `   ${f.fingerprint} ${f.severity} ${f.control}: ${f.title}  REM ${f.remedies.map((r: any) => r.kind + ':' + r.title + (r.needsApproval ? '(A)' : '') + (r.needsPerson ? '(P)' : '')).join(' | ')} EXP ${f.evidence.exposures
      .map((e: any) => e.endpoint.split('/').slice(-3).join('/') + ':' + e.port + '<' + e.sources.slice(0, 4))
      .slice(0, 4)
      .join(' ; ')}`;
  out.push('FOUND', ...findingsIn(d.after, policy).map(show));
  const p = passOver(d.before, d.after, policy);
  out.push(
    'REPAIRS',
    ...p.repairs.flatMap((r) => [
      '   ' + r.finding.fingerprint + ' ' + r.finding.title + ' => ' + r.remedy.kind + ' ' + r.remedy.title,
      ...r.rejected.map((x) => '        rejected ' + x.title + ': ' + x.why),
    ]),
  );
  out.push(
    'HELD',
    ...p.held.map((h) => `   ${h.finding.fingerprint} ${h.finding.title} => ${h.hold.reason}: ${h.hold.detail}`),
  );
  out.push('AFTER', ...findingsIn(p.after, policy).map(show));
  process.stderr.write(out.join('\n') + '\n');
}, 300000);
