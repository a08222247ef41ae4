// returns: {"a":[1,"2",true,null]}
for (const name of Object.getOwnPropertyNames(globalThis)) {
  try { globalThis[name] = undefined; } catch { }
}
return { a: [1, "2", true, null] };
