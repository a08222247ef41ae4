// time|memory
const keep = [];
for (;;) { try { for (;;) keep.push("x".repeat(1e6) + keep.length); } catch { } }
