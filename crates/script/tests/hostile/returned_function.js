// not an object: a function
return () => ({});
