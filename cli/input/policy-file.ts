/** The policy given with `--policy`: YAML or JSON, with every mistake reported at once. */
import { CONTROL_IDS } from '../../shared/controls';
import { parsePolicy } from '../../shared/policy/parse';
import { type AccessPolicy, defaultPolicy } from '../../shared/policy/policy';
import { type ReadStdin, readFiles } from './files';

export type PolicyFileResult =
  | { readonly ok: true; readonly policy: AccessPolicy }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads and validates the policy file; without one, the default policy. Problems are one line each. */
export async function loadPolicy(path: string | undefined, readStdin: ReadStdin): Promise<PolicyFileResult> {
  if (path === undefined) return { ok: true, policy: defaultPolicy() };
  const { files, problems } = await readFiles([path], readStdin);
  const [file] = files;
  if (problems.length > 0) return { ok: false, problems };
  if (!file || files.length > 1) return { ok: false, problems: [`${path}: give one policy file, not a folder`] };
  const result = parsePolicy(file.text, CONTROL_IDS);
  if (result.ok) return result;
  return { ok: false, problems: result.problems.map((problem) => `${file.name}: ${problem.path}: ${problem.message}`) };
}
