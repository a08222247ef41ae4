// returns: {"a":1}
Promise.prototype.then = () => { throw new Error("no"); };
return Promise.resolve({ a: 1 });
