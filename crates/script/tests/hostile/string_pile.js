// memory
const pile = [];
for (;;) pile.push("x".repeat(1e6) + pile.length);
