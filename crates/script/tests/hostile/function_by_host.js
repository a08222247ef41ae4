// thrown: a script cannot make code from text
return { ok: atob.constructor("return this")() };
