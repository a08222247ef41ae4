// thrown: a value was thrown
throw Symbol("x");
