// time|memory|thrown
let n = 3n;
for (;;) n = n * n;
