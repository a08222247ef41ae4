// thrown: xxxxxxxx
throw new Error("x".repeat(3e6));
