// never settles
return new Promise(() => {});
