// time
const list = Array.from({ length: 1e5 }, (_, at) => at);
for (;;) list.sort(() => Math.random() - 0.5);
