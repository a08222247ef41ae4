// memory|output
const tenth = "x".repeat(1e7);
return { text: Array(100).fill(tenth).join("") };
