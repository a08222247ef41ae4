// thrown: red  [31m
throw new Error("red \u001b[31m\r\n");
