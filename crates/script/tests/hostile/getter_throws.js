// thrown: at line 1: refused
return { get a() { throw new Error("refused"); } };
