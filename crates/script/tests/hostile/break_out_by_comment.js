// syntax
return {}; /*
