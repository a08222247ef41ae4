// memory
throw null;
