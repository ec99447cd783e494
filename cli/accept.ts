/** `accept`: what is there now becomes the baseline, by the word of a person. */
import { judge } from '../shared/judge';
import { ownerOf } from '../shared/scope';
import { counted } from './check/wording';
import { guardedScopes } from './guarded';
import type { Surroundings } from './surroundings';
import { complain, type ExitCode, remark, type Terminal, writeJson } from './terminal';

export interface AcceptOptions {
  readonly subscription?: readonly string[];
  readonly format: 'table' | 'json';
}

/** Accepts the subscriptions named, or every one the settings name. What is found in them stays reported as standing. */
export async function accept(
  options: AcceptOptions,
  terminal: Terminal,
  { openGuardrail }: Surroundings,
): Promise<ExitCode> {
  const guardrail = await openGuardrail((line) => remark(terminal, line));
  const guarded = guardedScopes(guardrail, options.subscription);
  if (!guarded.ok) return complain(terminal, guarded.problems);
  const accepted: { scope: string; subscription: string; takenAt: string; resources: number; findings: number; gaps: number }[] = [];
  for (const scope of guarded.scopes) {
    const snapshot = await guardrail.accept(scope);
    const { findings, gaps } = judge(snapshot, guardrail.context.policy);
    const takenAt = snapshot.takenAt.toISOString();
    const count = snapshot.gaps.length + gaps.length;
    accepted.push({
      scope: scope.kind,
      subscription: ownerOf(scope),
      takenAt,
      resources: snapshot.resources.length,
      findings: findings.length,
      gaps: count,
    });
  }
  if (options.format === 'json') writeJson(terminal, { schemaVersion: 1, accepted });
  else {
    const lines = accepted.map(
      ({ scope, subscription, takenAt, resources, findings, gaps }) =>
        `accepted: ${scope === 'network' ? 'subscription' : 'tenant'} ${subscription} as of ${takenAt}: ${counted(resources, 'resource')}, ${counted(findings, 'standing finding')}, ${counted(gaps, 'gap')}`,
    );
    terminal.writeOut(`${lines.join('\n')}\n`);
  }
  return 0;
}
