// thrown: RangeError: Maximum call stack size exceeded
const down = (n) => down(n + 1) + 1;
return { depth: down(0) };
