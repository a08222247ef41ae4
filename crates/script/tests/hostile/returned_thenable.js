// not json: `then` in the script's result is a function
return { then(done) { done({ a: 1 }); } };
