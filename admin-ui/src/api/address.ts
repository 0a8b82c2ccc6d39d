/** Addresses of calls: parameters in the path, filters in the query. */

export type QueryValue = string | number | boolean | readonly string[] | undefined;

/** Fills `:name` of a path. Throws where a parameter is missing: that is a bug, not an input. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (value === undefined || value === '') throw new Error(`The path ${path} needs the parameter ${name}.`);
    return encodeURIComponent(value);
  });
}

/** A key whose value is a list is repeated; what is undefined is left out. Begins with `?`, or is empty. */
export function writeQuery(query: Readonly<Record<string, QueryValue>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    if (typeof value === 'object') for (const one of value) search.append(key, one);
    else search.append(key, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
