// memory|thrown: InternalError: string too long
let s = "x";
for (;;) s += s;
