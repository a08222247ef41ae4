// thrown: ReferenceError: require is not defined
return { text: require("fs").readFileSync("/etc/passwd", "utf8") };
