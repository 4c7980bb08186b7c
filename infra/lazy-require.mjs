// Plain JavaScript, as start.mjs is, which needs it before Pulumi's SDK.
import { createRequire, Module } from "node:module";

/**
 * Has CommonJS packages loaded when something of them is first used, and not where they are required. For packages that
 * another requires in case they are needed: `dependent`, by its name, which has to do so after this call. What cannot be
 * found there is left alone, so that a newer dependent loads as it likes.
 */
export function lazyRequire(dependent, packages) {
  const here = createRequire(import.meta.url);
  const there = createRequire(here.resolve(dependent));
  for (const name of packages) {
    const file = fileOf(there, name);
    if (file === null || there.cache[file] !== undefined) continue;
    const stand = new Module(file);
    stand.loaded = true;
    stand.exports = standIn(() => {
      if (there.cache[file] === stand) delete there.cache[file];
      return there(file);
    });
    there.cache[file] = stand;
  }
}

function fileOf(require, name) {
  try {
    return require.resolve(name);
  } catch {
    return null;
  }
}

/** Has what the package has, once it is asked. TypeScript's `import *` asks first whether it would have to copy that: no. */
function standIn(load) {
  return new Proxy(
    {},
    {
      get(_, key) {
        if (key === "__esModule") return true;
        const exported = load();
        return key === "default" ? (exported.default ?? exported) : exported[key];
      },
      has: (_, key) => key in load(),
    },
  );
}
