/** `accept`: what is there now becomes the baseline, by the word of a person. */
import { judge } from '../shared/judge';
import { nameOfScope, type Scope } from '../shared/scope';
import { counted } from './check/wording';
import { guardedScopes, ownerIn } from './guarded';
import type { Surroundings } from './surroundings';
import { complain, type ExitCode, remark, type Terminal, writeJson } from './terminal';

export interface AcceptOptions {
  readonly subscription?: readonly string[];
  readonly format: 'table' | 'json';
}

interface AcceptedScope {
  readonly scope: Scope;
  readonly takenAt: string;
  readonly resources: number;
  readonly findings: number;
  readonly gaps: number;
}

/** Accepts the subscriptions named, or every one the settings name and the tenant. What is found in them stays reported as standing. */
export async function accept(
  options: AcceptOptions,
  terminal: Terminal,
  { openGuardrail }: Surroundings,
): Promise<ExitCode> {
  const guardrail = await openGuardrail((line) => remark(terminal, line));
  const guarded = guardedScopes(guardrail, options.subscription);
  if (!guarded.ok) return complain(terminal, guarded.problems);
  const accepted: AcceptedScope[] = [];
  for (const scope of guarded.scopes) {
    const snapshot = await guardrail.accept(scope);
    const { findings, gaps } = judge(snapshot, guardrail.context.policy, guardrail.context.guarded);
    accepted.push({
      scope,
      takenAt: snapshot.takenAt.toISOString(),
      resources: snapshot.resources.length,
      findings: findings.length,
      gaps: snapshot.gaps.length + gaps.length,
    });
  }
  if (options.format === 'json') {
    const list = accepted.map(({ scope, ...facts }) => ({ scope: scope.kind, ...ownerIn(scope), ...facts }));
    writeJson(terminal, { schemaVersion: 1, accepted: list });
  } else {
    const lines = accepted.map(
      ({ scope, takenAt, resources, findings, gaps }) =>
        `accepted: ${nameOfScope(scope)} as of ${takenAt}: ${counted(resources, 'resource')}, ${counted(findings, 'standing finding')}, ${counted(gaps, 'gap')}`,
    );
    terminal.writeOut(`${lines.join('\n')}\n`);
  }
  return 0;
}
