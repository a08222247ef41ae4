// output
return { text: "x".repeat(2e6) };
