// thrown: a script cannot make code from text
class Mine extends Function {}
return { ok: new Mine("return 1")() };
