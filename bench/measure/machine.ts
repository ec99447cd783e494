/** Names the machine that the figures were measured on. */
import { availableParallelism, cpus } from 'node:os';

/** `2 cores (Intel Xeon), Node v20.20.2, linux x64`. */
export function machineLine(): string {
  const cores = availableParallelism();
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  return `${cores} core${cores === 1 ? '' : 's'} (${model}), Node ${process.version}, ${process.platform} ${process.arch}`;
}
