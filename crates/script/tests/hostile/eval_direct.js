// thrown: ReferenceError
return { ok: eval("1 + 1") };
