/** A write or a delivery did not work out and is worth another try: whoever called should call again. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
}
