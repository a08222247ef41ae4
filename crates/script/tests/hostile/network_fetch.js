// thrown: ReferenceError: fetch is not defined
return { text: fetch("http://169.254.169.254/") };
