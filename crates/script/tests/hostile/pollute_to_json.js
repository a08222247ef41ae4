// returns: {"a":"taken"}
Object.prototype.toJSON = function () { return "taken"; };
return { a: {} };
