// not an object: a function
return new Proxy(() => {}, {});
