// returns: {"a":1}
Object.prototype.polluted = "yes";
Array.prototype.push = () => { throw new Error("no"); };
return { a: 1 };
