// thrown: at line 1: no
return Promise.reject(new Error("no"));
