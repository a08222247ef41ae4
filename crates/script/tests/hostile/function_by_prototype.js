// thrown: a script cannot make code from text
return { ok: (() => {}).constructor("return this")() };
