// returns: {"a":[1]}
const { getOwnPropertyNames, getPrototypeOf } = Object;
for (const value of [[], {}, "", 1, () => {}, Promise.resolve()]) {
  const prototype = getPrototypeOf(value);
  for (const name of getOwnPropertyNames(prototype)) {
    if (name !== "constructor") try { delete prototype[name]; } catch { }
  }
}
return { a: [1] };
