// thrown: TypeError
return { ok: (0, globalThis.eval)("1 + 1") };
