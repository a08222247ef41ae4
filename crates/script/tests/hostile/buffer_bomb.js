// memory|thrown
const pile = [];
for (;;) pile.push(new Uint8Array(1e7).fill(1));
