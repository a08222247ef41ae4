// memory
const list = [];
for (;;) list.push(list.length);
