/** What has been started, so that it is stopped in the opposite order, once, however far the start came. */

interface Closable {
  close(): Promise<void> | void;
}

export class Closing {
  readonly #parts: Closable[] = [];

  /** Remembers `part` and gives it back. */
  add<T extends Closable>(part: T): T {
    this.#parts.push(part);
    return part;
  }

  /** Closes what is left, the latest first. A part that fails to close does not keep the others; the first error is thrown. */
  async closeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      try {
        await part.close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
