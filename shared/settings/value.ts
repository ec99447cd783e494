/** Single values out of the environment. */

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting's text; one that is blank counts as not set, as portals keep empty settings. */
export function value(env: Environment, name: string): string | undefined {
  const text = env[name]?.trim();
  return text === '' ? undefined : text;
}

/** A setting that is a list separated by commas. */
export function list(env: Environment, name: string): string[] {
  return (value(env, name) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** The URL, or undefined when the text is none. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Whether the URL is one of http or https. */
export function isWeb(url: URL): boolean {
  return url.protocol === 'https:' || url.protocol === 'http:';
}

/** A text that is no secret, as a problem may show it. */
export function shown(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ').slice(0, 64);
}
