// thrown: x
const error = new Error("x");
error.stack = "at script.js:99999999999999999999:1\n at script.js:-1:0";
throw error;
