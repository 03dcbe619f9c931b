// The linknamed functions have no bodies here; a file of assembly allows that.
