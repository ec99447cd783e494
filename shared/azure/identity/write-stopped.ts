/** Thrown where a write was about to be sent and is not to be: somebody called a halt, or the lease is lost. */
export class WriteStopped extends Error {
  override readonly name = 'WriteStopped';
}
