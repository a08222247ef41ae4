// thrown: a script cannot make code from text
return { ok: (async () => {}).constructor("return 1")() };
