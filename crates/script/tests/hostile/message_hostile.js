// thrown
throw { get message() { throw { get message() { throw 1; } }; }, toString() { throw 2; } };
