// output
return { text: "\u0001".repeat(4e5) };
