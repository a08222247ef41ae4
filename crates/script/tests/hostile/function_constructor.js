// thrown: a script cannot make code from text
return { ok: Function("return 1")() };
