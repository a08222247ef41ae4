// too deep
let deep = {};
for (let at = 0; at < 100000; at += 1) deep = { deep };
return deep;
