// thrown: a script cannot make code from text
return { ok: Object.getPrototypeOf(function* () {}).constructor("yield 1")() };
